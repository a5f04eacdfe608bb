using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class SmallStoreTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Secrets_are_set_replaced_and_deleted()
    {
        var secrets = new SecretStore(database.Source);
        await secrets.SetAsync("HF_TOKEN", () => ("sealed-1", "k1"), default);
        await secrets.SetAsync("HF_TOKEN", () => ("sealed-2", "k1"), default);

        Assert.Equal("sealed-2", (await secrets.FindAsync("HF_TOKEN", default))!.Ciphertext);
        Assert.True((await secrets.RemoveAsync("HF_TOKEN", default)).IsRemoved);
        Assert.False((await secrets.RemoveAsync("HF_TOKEN", default)).IsRemoved);
        Assert.Null(await secrets.FindAsync("HF_TOKEN", default));
    }

    [Fact]
    public async Task A_secret_that_a_live_job_names_stays()
    {
        var secrets = new SecretStore(database.Source);
        await secrets.SetAsync("hf", () => ("sealed", "k1"), default);
        JobSpec spec = new() { Name = "lora", Secrets = ImmutableSortedDictionary<string, string>.Empty.Add("HF_TOKEN", "hf") };
        var job = await database.SubmitAsync("lora", spec: spec);
        var puller = await database.SubmitAsync("puller", spec: new() { Name = "puller", RegistryAuth = new() { Username = "ada", PasswordSecret = "hf" } });
        await database.SubmitAsync("other", spec: new() { Name = "other", Secrets = ImmutableSortedDictionary<string, string>.Empty.Add("hf", "another") });

        var refused = await secrets.RemoveAsync("hf", default);

        Assert.False(refused.IsRemoved);
        Assert.Equal<string>([$"lora{job}", $"puller{puller}"], refused.NeededBy);
        Assert.NotNull(await secrets.FindAsync("hf", default));

        await database.EndAsync(job);
        await database.EndAsync(puller);
        Assert.True((await secrets.RemoveAsync("hf", default)).IsRemoved);
    }

    [Fact]
    public async Task A_rotation_that_fails_half_way_leaves_every_secret_under_its_old_key()
    {
        var secrets = new SecretStore(database.Source);
        await secrets.SetAsync("A", () => ("a", "k1"), default);
        await secrets.SetAsync("B", () => ("b", "k1"), default);

        var first = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => secrets.RotateAsync(
            "k2",
            secret => first && !(first = false) ? secret.Ciphertext + "2" : throw new InvalidOperationException("the key is wrong"),
            default));
        Assert.Equal(["k1", "k1"], (await secrets.ListAsync(default)).Select(secret => secret.KeyId));

        await secrets.RotateAsync("k2", secret => secret.Ciphertext + "2", default);
        Assert.Equal([("A", "a2", "k2"), ("B", "b2", "k2")], (await secrets.ListAsync(default)).Select(secret => (secret.Name, secret.Ciphertext, secret.KeyId)));
    }

    [Fact]
    public async Task An_alert_is_open_once_however_often_it_is_raised()
    {
        var alerts = new AlertStore(database.Source);

        Assert.True(await alerts.RaiseAsync("orphan", "i-1", "first", default));
        Assert.False(await alerts.RaiseAsync("orphan", "i-1", "again", default));
        Assert.Equal("again", Assert.Single(await alerts.ListAsync(false, default)).Text);

        Assert.True(await alerts.ResolveAsync("orphan", "i-1", default));
        Assert.False(await alerts.ResolveAsync("orphan", "i-1", default));
        Assert.Empty(await alerts.ListAsync(false, default));
        Assert.True(await alerts.RaiseAsync("orphan", "i-1", "new", default));
        Assert.Equal(2, (await alerts.ListAsync(true, default)).Count(alert => alert.Subject == "i-1"));
        await alerts.ResolveAsync("orphan", "i-1", default);
    }

    [Fact]
    public async Task What_holds_of_a_family_is_raised_once_and_what_does_not_is_settled()
    {
        var alerts = new AlertStore(database.Source);
        await alerts.RaiseAsync("budgetary", "1", "of another family", default);

        Assert.Equal(2, (await alerts.SettleAsync("budget", [new("budget-50", "1", "half"), new("budget-80", "2", "most")], default)).Count);
        Assert.Equal("budget-80", Assert.Single(await alerts.SettleAsync("budget", [new("budget-80", "1", "most"), new("budget-80", "2", "most")], default)).Kind);
        Assert.Equal(["1 budget-80", "1 budgetary", "2 budget-80"], await OpenAsync(alerts));

        Assert.Empty(await alerts.SettleAsync("budget", [], ["2"], default));
        Assert.Equal(["1 budgetary", "2 budget-80"], await OpenAsync(alerts));
        await alerts.SettleAsync("budget", [], default);
        await Assert.ThrowsAsync<ArgumentException>(() => alerts.SettleAsync("budget", [new("store", "1", "")], default));
        await alerts.ResolveAsync("budgetary", "1", default);
    }

    [Fact]
    public async Task What_a_person_has_dismissed_does_not_come_back_before_its_cause_went_away()
    {
        var alerts = new AlertStore(database.Source);
        await alerts.RaiseAsync("store", "lab", "away", default);
        var id = Assert.Single(await alerts.ListAsync(false, default)).Id;

        var dismissed = await alerts.DismissAsync(id, "eva", default);
        Assert.Equal("eva", dismissed?.DismissedBy);
        Assert.Equal("eva", (await alerts.DismissAsync(id, "ada", default))?.DismissedBy);
        Assert.False(await alerts.RaiseAsync("store", "lab", "still away", default));
        Assert.Empty(await alerts.ListAsync(false, default));
        Assert.Equal("still away", Assert.Single(await alerts.ListAsync(true, default), alert => alert.Id == id).Text);

        await alerts.ResolveAsync("store", "lab", default);
        Assert.Null(await alerts.DismissAsync(id, "eva", default));
        Assert.True(await alerts.RaiseAsync("store", "lab", "away again", default));
        Assert.Equal("away again", Assert.Single(await alerts.ListAsync(false, default)).Text);
        await alerts.ResolveAsync("store", "lab", default);
    }

    private static async Task<IEnumerable<string>> OpenAsync(AlertStore alerts) =>
        (await alerts.ListAsync(false, default)).Select(alert => $"{alert.Subject} {alert.Kind}").Order(StringComparer.Ordinal);
}
