using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.IntegrationTests.Chaos;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>An account of the configuration, by the command line: its market, its state, and what is said where its key is none.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private const string Key = "account-key-4711";
    private readonly TestServer _server = new();
    private readonly VastEmulator _vast = new(TimeProvider.System, new NoBackend()) { Key = Key };
    private EmulatorServer? _api;

    public async Task InitializeAsync()
    {
        _vast.Offer(new VastMachine { Id = 7 });
        _vast.Offer(new VastMachine { Id = 8, Price = 0.5 });
        _api = await EmulatorServer.StartAsync(_vast);
        var site = new Site("account");
        var key = Path.Combine(site.Work, "vast-key");
        await File.WriteAllTextAsync(key, Key + "\n");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), $$"""
            accounts:
              vast: {key: {file: {{key}}}, endpoint: {{_api.Address.AbsoluteUri.TrimEnd('/')}}}

            """);
        await _server.StartAsync(site);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _api!.DisposeAsync();
    }

    [Fact]
    public async Task Its_market_is_on_offer_and_doctor_tells_of_the_account()
    {
        JsonArray offers = [];
        await Wait.UntilAsync(
            async () => (offers = await OffersAsync()).Count(offer => offer!["provider"]!.GetValue<string>() == "vast") == 4,
            "both machines, on demand and by bid",
            TestServer.Patience,
            TimeSpan.FromMilliseconds(500));
        Assert.Equal(["vast/7", "vast/7", "vast/8", "vast/8"], offers.Select(offer => offer!["host"]?.GetValue<string>()).Where(host => host?.StartsWith("vast/", StringComparison.Ordinal) == true).Order());

        var doctor = await DoctorAsync();
        Assert.Contains("vast: the key is good, account of dev@example.org, $48.12 left", doctor, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, doctor, StringComparison.Ordinal);

        _vast.Key = "another one";
        doctor = await DoctorAsync();
        Assert.Contains("make a new key there, and name it under accounts.vast.key", doctor, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, doctor + _server.Server.Tail(), StringComparison.Ordinal);
    }

    /// <summary>Its lines are as wide as a terminal.</summary>
    private async Task<string> DoctorAsync() => string.Join(' ', (await _server.Orc("doctor")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<JsonArray> OffersAsync() => JsonNode.Parse((await _server.Orc("offers", "--json")).Output) switch
    {
        JsonArray list => list,
        JsonObject reply => reply["offers"]!.AsArray(),
        _ => [],
    };
}
