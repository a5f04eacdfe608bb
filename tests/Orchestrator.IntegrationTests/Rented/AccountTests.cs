using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
    private readonly List<int> _asks = [];
    private EmulatorServer? _api;

    public async Task InitializeAsync()
    {
        _asks.AddRange(_vast.Offer(new VastMachine { Id = 7 }));
        _asks.AddRange(_vast.Offer(new VastMachine { Id = 8, Price = 0.5 }));
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
        Assert.Contains("vast: the key may read what it must, account of dev@example.org, $48.12 left; whether it may rent shows at the first rental", doctor, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, doctor, StringComparison.Ordinal);

        _vast.Key = "another one";
        doctor = await DoctorAsync();
        Assert.Contains("make a new key there, and name it under accounts.vast.key", doctor, StringComparison.Ordinal);

        // What was seen of the market a moment ago still serves, and the rest of it is told to be missing.
        var listed = await _server.Orc("offers", "--json");
        await Wait.UntilAsync(
            async () => (listed = await _server.Orc("offers", "--json")).Errors.Contains("! vast: ", StringComparison.Ordinal), "a word on the market that is missing", TestServer.Patience, TimeSpan.FromMilliseconds(500));
        Assert.IsType<JsonArray>(JsonNode.Parse(listed.Output));
        Assert.DoesNotContain(Key, doctor + listed.Errors + _server.Server.Tail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_ours_is_told_and_left_alone_until_panic_which_ends_what_any_orchestrator_rented()
    {
        var (foreign, other) = (await RentAsync(_asks[0], "jupyter"), await RentAsync(_asks[1], "orc-elsewhere-7-1"));

        var test = await WordsAsync("account", "test", "vast");
        Assert.Contains($"vast: 1 instance there is not ours: {foreign} \"jupyter\"", test, StringComparison.Ordinal);
        Assert.Contains($"vast: 1 instance of another installation: {other} (orc-elsewhere-7-1) (left alone)", test, StringComparison.Ordinal);
        Assert.Contains("orchestrator panic --installation elsewhere", test, StringComparison.Ordinal);
        await Wait.UntilAsync(
            async () => Regex.IsMatch((await _server.Orc("account", "list")).Output, "vast +vast +48.1[0-9] +0.000 +0 +0 +0 +2"), "a list with both", TestServer.Patience, TimeSpan.FromMilliseconds(500));

        // Nobody can be asked, and nothing happens.
        Assert.Equal(2, (await _server.Orc("panic")).ExitCode);
        Assert.Equal(2, _vast.Rented.Count);

        // With no server, no database and no books: a folder with nothing but the accounts.
        await _server.Server.KillAsync();
        var bare = Directory.CreateDirectory(Path.Combine(_server.Site.Work, "bare")).FullName;
        File.Copy(Path.Combine(_server.Site.Data, "orchestrator.yaml"), Path.Combine(bare, "orchestrator.yaml"));
        var panic = await _server.Orc("panic", "--yes", "--data", bare);
        Assert.True(panic.ExitCode == 0, panic.Output + panic.Errors);
        Assert.Contains("1 destroyed, and nothing of orchestrator is left at vast", panic.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, panic.Output + panic.Errors, StringComparison.Ordinal);
        Assert.Equal(foreign, Assert.Single(_vast.Rented));
        Assert.Equal(["orchestrator.yaml"], Directory.GetFileSystemEntries(bare).Select(Path.GetFileName));
    }

    /// <summary>As somebody else would, or another installation.</summary>
    private async Task<int> RentAsync(int ask, string label)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_api!.Address, $"api/v0/asks/{ask}/"))
        {
            Content = JsonContent.Create(new { client_id = "me", image = "ubuntu:24.04", disk = 10, label }),
        };
        request.Headers.Authorization = new("Bearer", Key);
        using var answer = await http.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["new_contract"]!.GetValue<int>();
    }

    private Task<string> DoctorAsync() => WordsAsync("doctor");

    /// <summary>Its lines are as wide as a terminal.</summary>
    private async Task<string> WordsAsync(params string[] verb) => string.Join(' ', (await _server.Orc(verb)).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<JsonArray> OffersAsync() => JsonNode.Parse((await _server.Orc("offers", "--json")).Output) switch
    {
        JsonArray list => list,
        JsonObject reply => reply["offers"]!.AsArray(),
        _ => [],
    };
}
