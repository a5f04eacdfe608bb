using Microsoft.Extensions.Logging;
using Orchestrator.Emulators;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>
/// What every provider must do that rents by an account, over the emulator of its API, by its address. Nothing stands behind its instances.
/// A subclass brings the emulator and says where its creates and lists go.
/// </summary>
public abstract partial class AccountConformance : ProviderConformance
{
    protected const string Key = "conformance-key-4711";

    private const string Wrong = "another-secret-key-0815";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly LeapingPacer _pacer;
    private readonly SpokenWords _spoken = new();
    private Interference? _line;
    private JunkyLine? _junk;
    private EmulatorServer? _server;
    private IProvider? _provider;

    protected AccountConformance() => _pacer = new LeapingPacer(Clock);

    /// <summary>Of the emulator and of the provider: whoever has to wait sets it forward.</summary>
    private protected LeapingClock Clock { get; } = new();

    protected override IProvider Provider => _provider!;

    /// <summary>With a market; it takes <see cref="Key"/> and nothing else.</summary>
    protected abstract IEmulatedApi Emulator { get; }

    protected abstract string Account { get; }

    /// <summary>How a create call begins.</summary>
    protected abstract (string Method, string Path) Create { get; }

    /// <summary>How the list of instances begins.</summary>
    protected abstract string List { get; }

    /// <summary>How the call about the account begins.</summary>
    protected abstract string OfAccount { get; }

    /// <summary>How the call for offers begins.</summary>
    protected abstract (string Method, string Path) Market { get; }

    /// <summary>How a destroy begins.</summary>
    protected abstract (string Method, string Path) Destroy { get; }

    /// <summary>How the call for charges begins; null = it publishes none.</summary>
    protected abstract string? Charges { get; }

    /// <summary>A failure in the API's own form that says these words and no code that is known.</summary>
    protected abstract string Failure(int status, string words);

    /// <param name="api">Where it is.</param>
    /// <param name="client">Calls it.</param>
    /// <param name="log">Keeps every line: none may hold the key.</param>
    protected abstract IProvider Make(ApiOptions api, ApiClient client, ILoggerFactory log);

    public override async Task InitializeAsync()
    {
        _line = new Interference(Emulator);
        _junk = new JunkyLine(_line);
        _server = await EmulatorServer.StartAsync(_junk);
        _provider = Open(Key);
    }

    public override async Task DisposeAsync()
    {
        (_junk!.Instead, _junk.Refusal) = (null, null);
        await base.DisposeAsync();
        (_provider as IDisposable)?.Dispose();
        await _server!.DisposeAsync();
        _http.Dispose();
        _spoken.Dispose();
        ShowsNoKey();
    }

    protected override IProvider StartAnew() => Open(Key);

    /// <summary>Whatever a test did: the key is in the header of its calls, and nowhere else.</summary>
    private void ShowsNoKey()
    {
        foreach (var key in (string[])[Key, Wrong])
        {
            Assert.DoesNotContain(_spoken.All, words => words.Contains(key, StringComparison.Ordinal));
            Assert.DoesNotContain(_junk!.Asked, call => call.Path.Contains(key, StringComparison.Ordinal) || call.Text.Contains(key, StringComparison.Ordinal) || call.Query.Values.Any(value => value.Contains(key, StringComparison.Ordinal)));
        }
    }

    /// <summary>Nobody has entered it before, so its key is ours; and what an attempt leaves is deleted with all of its folder.</summary>
    [Fact]
    public async Task What_is_rented_shows_our_key_and_is_prepared_as_what_it_is()
    {
        var id = await CreateAsync("orc-test-9-1");
        await RunningAsync(id);

        var there = Assert.IsType<SshEndpoint>(await ReachAsync(id));

        Assert.True(there.Machine.IsHostKeyOurs);
        Assert.StartsWith("SHA256:", there.Machine.HostKey, StringComparison.Ordinal);
        Assert.Equal((await CheapestAsync()).HostKind == HostKind.Container, there.IsOurContainer);
        Assert.False(there.AgentPath.StartsWith(there.Root + "/", StringComparison.Ordinal), $"the agent {there.AgentPath} lies in {there.Root}");
    }

    /// <summary>The offer is a promise; what is billed is read back.</summary>
    [Fact]
    public async Task What_is_rented_tells_what_it_costs()
    {
        var offered = (await CheapestAsync()).PricePerHour;
        var id = await CreateAsync("orc-test-10-1");

        var listed = Assert.Single(await RunningAsync(id), instance => instance.InstanceId == id);
        // A disk of some gigabytes may come on top.
        Assert.InRange(listed.PerHour!.Value.Dollars, offered.Dollars * 0.999m, (offered.Dollars * 1.001m) + 0.02m);
    }

    [Theory]
    [InlineData(CallFault.ErrorAfterwards)]
    [InlineData(CallFault.AnswerLost)]
    public async Task A_create_that_may_have_rented_is_sent_once_and_leaves_one_to_be_found(CallFault fault)
    {
        _line!.FailNext(Create.Method, Create.Path, fault);

        var unclear = await Assert.ThrowsAsync<ProviderException>(() => CreateAsync("orc-test-11-1"));

        Assert.True(unclear.Kind is ProviderErrorKind.Transient or ProviderErrorKind.Unknown, $"{unclear.Kind} would say that nothing was rented");
        var listed = await UntilAsync(instances => instances.Any(instance => instance.Label == "orc-test-11-1"), "the instance of the unclear call");
        Assert.Single(listed, instance => instance.Label == "orc-test-11-1");
    }

    [Fact]
    public async Task A_page_of_a_gateway_is_no_list_and_is_told_in_words()
    {
        _line!.FailNext("GET", List, CallFault.BadGateway);

        var failed = await Assert.ThrowsAsync<ProviderException>(() => Provider.ListInstancesAsync(CancellationToken.None));

        Assert.Equal(ProviderErrorKind.Transient, failed.Kind);
        Assert.DoesNotContain("<html", failed.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_said_so_and_shown_nowhere()
    {
        var stranger = Open(Wrong);
        using var disposed = stranger as IDisposable;
        var offer = await CheapestAsync();

        foreach (var call in (Func<Task>[])
            [
                () => stranger.ListInstancesAsync(CancellationToken.None), () => stranger.CreateAsync(Request("orc-test-12-1", offer), CancellationToken.None),
                () => ((IAccountSource)stranger).GetAccountAsync(CancellationToken.None),
            ])
        {
            var refused = await Assert.ThrowsAsync<ProviderException>(call);
            Assert.Equal(ProviderErrorKind.Unauthorized, refused.Kind);
            Assert.DoesNotContain(Wrong, refused.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Whatever was asked: what an account lacks is never taken for an unclear answer, and the provider's words reach the person.</summary>
    [Theory]
    [InlineData(400, ProviderErrorKind.Rejected)]
    [InlineData(401, ProviderErrorKind.Unauthorized)]
    [InlineData(402, ProviderErrorKind.InsufficientFunds)]
    [InlineData(403, ProviderErrorKind.Unauthorized)]
    [InlineData(422, ProviderErrorKind.Rejected)]
    [InlineData(410, ProviderErrorKind.Gone)]
    public async Task A_status_that_has_one_meaning_is_understood_with_the_providers_own_words(int status, ProviderErrorKind meant)
    {
        const string Words = "this key has no permission, it seems, nor anything else";
        var offer = await CheapestAsync();
        _junk!.Refusal = new EmulatedAnswer(status, Failure(status, Words));

        foreach (var refused in await RefusedAsync(offer))
        {
            Assert.Equal(meant, refused.Kind);
            Assert.Contains(Words, refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Gateways refuse in their own way (403), but none of them asks for money, knows our key, or retires an API.</summary>
    [Theory]
    [InlineData(401, ProviderErrorKind.Unauthorized)]
    [InlineData(402, ProviderErrorKind.InsufficientFunds)]
    [InlineData(410, ProviderErrorKind.Gone)]
    public async Task The_same_status_is_understood_without_words_and_from_a_page(int status, ProviderErrorKind meant)
    {
        var offer = await CheapestAsync();
        foreach (var bare in (EmulatedAnswer[])[new(status, ""), new(status, "{}"), EmulatedAnswer.Text(status, "no"), EmulatedAnswer.Page(status, "No")])
        {
            _junk!.Refusal = bare;

            Assert.All(await RefusedAsync(offer), refused => Assert.Equal(meant, refused.Kind));
        }
    }

    /// <summary>Missing, null and wrong-typed: an error that says so, never an empty account and never a crash.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("\"instances\"")]
    [InlineData("{\"instances\": null, \"data\": null, \"pods\": null}")]
    [InlineData("{\"instances\": 7, \"data\": 7, \"pods\": 7}")]
    [InlineData("{\"instances\": [")]
    [InlineData("")]
    [InlineData("<html>we are back soon</html>")]
    public async Task A_list_that_is_none_is_never_taken_for_an_empty_account(string body)
    {
        await CreateAsync("orc-test-13-1");
        _junk!.Instead = ("GET", List, new EmulatedAnswer(200, body), Acts: false);

        await Assert.ThrowsAsync<ProviderException>(() => Provider.ListInstancesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Every_call_waits_its_turn_at_the_pacer()
    {
        var id = await CreateAsync("orc-test-14-1");
        await RunningAsync(id);
        await EndAsync(id);

        Assert.True(_junk!.Calls > 0);
        Assert.True(_pacer.Turns >= _junk.Calls, $"{_junk.Calls} calls, {_pacer.Turns} turns");
    }

    private async Task<ProviderException[]> RefusedAsync(Offer offer) =>
    [
        await Assert.ThrowsAsync<ProviderException>(() => Provider.CreateAsync(Request("orc-test-15-1", offer), CancellationToken.None)),
        await Assert.ThrowsAsync<ProviderException>(() => Provider.ListInstancesAsync(CancellationToken.None)),
    ];

    private IProvider Open(string key)
    {
        var api = new ApiOptions { BaseAddress = _server!.Address };
        return Make(api, new ApiClient(_http, Account, () => key, api, _pacer), _spoken);
    }
}
