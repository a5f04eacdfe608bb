using System.Diagnostics;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Security;

/// <summary>Whoever rotates, whoever finishes and whoever is killed: every secret opens, and in the end with the one key that is left.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SecretsRotationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-keys-").FullName;
    private SecretStore _store = null!;

    private string KeyFile => Path.Combine(_folder, "secrets.key");

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _store = new(_database.Source);
        var keys = await OpenAsync();
        foreach (var number in Enumerable.Range(0, 20))
        {
            await _store.SetAsync($"s{number}", () => keys.Seal($"s{number}", $"value {number}"), default);
        }
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_secret_is_under_the_new_key_and_the_old_one_is_gone()
    {
        var keys = await OpenAsync();
        var (before, bytes) = (keys.NewestId, await File.ReadAllTextAsync(KeyFile));
        var other = await OpenAsync();

        Assert.Equal(20, await new SecretsRotation(keys, _store, KeyFile).RotateAsync(default));
        await OneKeyOpensAllAsync();
        Assert.NotEqual(before, keys.NewestId);
        Assert.NotEqual(bytes, await File.ReadAllTextAsync(KeyFile));
        // A neighbour that runs already needs no restart.
        Assert.Equal("value 7", other.Open("s7", (await _store.FindAsync("s7", default))!.Ciphertext));
        Assert.Equal(keys.NewestId, await _database.ScalarAsync("select key_id from orchestrator.installation") ?? keys.NewestId);
    }

    [Theory]
    [InlineData("secrets-key-written")]
    [InlineData("secrets-sealed")]
    public async Task A_killed_rotation_hides_no_secret_and_is_finished_by_whoever_notices(string point)
    {
        var witness = await OpenAsync();
        await KilledAtAsync(point);
        Assert.True(File.Exists(SecretsKeyring.NextOf(KeyFile)));
        await AllOpenAsync(witness);

        // Servers that start and servers that run, all at once. Nobody is told that somebody else was quicker.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => number % 2 == 0 ? OpenAsync() : new SecretsRotation(witness, _store, KeyFile).FinishAsync(default))));

        await OneKeyOpensAllAsync();
        await AllOpenAsync(witness);
    }

    [Fact]
    public async Task The_secret_that_instances_are_reached_with_is_made_once_and_survives_a_rotation()
    {
        var keys = await OpenAsync();
        Assert.Null(await _store.FindReachAsync(default));
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => _store.FindOrAddReachAsync(name => keys.Seal(name, $"drawn by {number}"), default))));
        Assert.Single(made.Select(one => one.Ciphertext).Distinct());
        var secret = keys.Open(made[0].Name, made[0].Ciphertext);

        Assert.Equal(20, await new SecretsRotation(keys, _store, KeyFile).RotateAsync(default));

        var after = (await _store.FindReachAsync(default))!;
        Assert.Equal(keys.NewestId, after.KeyId);
        Assert.Equal(secret, SecretsKeyring.LoadOrCreate(KeyFile, []).Open(after.Name, after.Ciphertext));
        // A server without its key is told so at its start, as with any other secret.
        await _database.Source.ExecuteAsync("delete from orchestrator.secrets", null, default);
        File.Delete(KeyFile);
        await Assert.ThrowsAsync<SecretsKeyException>(OpenAsync);
    }

    [Fact]
    public async Task Rotations_at_once_and_secrets_set_meanwhile_lose_nothing()
    {
        var rings = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAsync)));
        var rotations = rings.Select(ring => Task.Run(() => new SecretsRotation(ring, _store, KeyFile).RotateAsync(default)));
        var sets = Enumerable.Range(20, 40).Select(number => Task.Run(
            () => _store.SetAsync($"s{number}", () => rings[number % rings.Length].Seal($"s{number}", $"value {number}"), default)));
        await Task.WhenAll([.. rotations, .. sets]);

        await OneKeyOpensAllAsync(60);
    }

    [Fact]
    public async Task Nothing_is_begun_while_a_secret_does_not_open()
    {
        var keys = await OpenAsync();
        await _store.SetAsync("broken", () => ("v1." + keys.NewestId + ".AAAA", keys.NewestId), default);
        var key = await File.ReadAllTextAsync(KeyFile);

        var refused = await Assert.ThrowsAsync<SecretsKeyException>(() => new SecretsRotation(keys, _store, KeyFile).RotateAsync(default));
        Assert.Contains("secret set broken", refused.Message, StringComparison.Ordinal);
        Assert.Equal((key, false), (await File.ReadAllTextAsync(KeyFile), File.Exists(SecretsKeyring.NextOf(KeyFile))));
    }

    private Task<SecretsKeyring> OpenAsync() => SecretsRotation.OpenAsync(KeyFile, _store, default);

    private async Task OneKeyOpensAllAsync(int count = 20)
    {
        Assert.False(File.Exists(SecretsKeyring.NextOf(KeyFile)));
        var fresh = SecretsKeyring.LoadOrCreate(KeyFile, []);
        Assert.Equal([fresh.NewestId], (await _store.ListAsync(default)).Select(secret => secret.KeyId).Distinct());
        await AllOpenAsync(fresh, count);
    }

    private async Task AllOpenAsync(SecretsKeyring keys, int count = 20)
    {
        var secrets = await _store.ListAsync(default);
        Assert.Equal(count, secrets.Count);
        Assert.All(secrets, secret => Assert.Equal("value " + secret.Name[1..], keys.Open(secret.Name, secret.Ciphertext)));
    }

    private async Task KilledAtAsync(string point)
    {
        var command = HelperProgram.Command("rotate-secrets", _database.ConnectionString, KeyFile);
        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ORCHESTRATOR_FAILPOINT"] = point + ":1:kill";
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 137, errors);
    }
}
