using System.Security.Cryptography;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class SmallStoreTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Secrets_are_set_replaced_and_deleted()
    {
        var secrets = new SecretStore(database.Source);
        await secrets.SetAsync("HF_TOKEN", "sealed-1", "k1", default);
        await secrets.SetAsync("HF_TOKEN", "sealed-2", "k1", default);

        Assert.Equal("sealed-2", (await secrets.FindAsync("HF_TOKEN", default))!.Ciphertext);
        Assert.True(await secrets.DeleteAsync("HF_TOKEN", default));
        Assert.False(await secrets.DeleteAsync("HF_TOKEN", default));
        Assert.Null(await secrets.FindAsync("HF_TOKEN", default));
    }

    [Fact]
    public async Task A_rotation_that_fails_half_way_leaves_every_secret_under_its_old_key()
    {
        var secrets = new SecretStore(database.Source);
        await secrets.SetAsync("A", "a", "k1", default);
        await secrets.SetAsync("B", "b", "k1", default);

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
    public async Task A_token_is_found_by_its_hash_until_it_is_revoked_or_replaced()
    {
        var tokens = new TokenStore(database.Source);
        var (old, renewed) = (SHA256.HashData("old"u8), SHA256.HashData("new"u8));
        await tokens.AddAsync(old, "admin", "laptop", default);
        Assert.Equal(("admin", "laptop"), ((await tokens.FindAsync(old, default))!.Role, (await tokens.FindAsync(old, default))!.Name));

        await tokens.AddAsync(renewed, "viewer", "laptop", default);
        Assert.Null(await tokens.FindAsync(old, default));
        Assert.Equal("viewer", (await tokens.FindAsync(renewed, default))!.Role);

        Assert.True(await tokens.RevokeAsync("laptop", default));
        Assert.False(await tokens.RevokeAsync("laptop", default));
        Assert.Null(await tokens.FindAsync(renewed, default));
        Assert.Equal(2, (await tokens.ListAsync(default)).Count);
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
        Assert.Equal(2, (await alerts.ListAsync(true, default)).Count);
    }
}
