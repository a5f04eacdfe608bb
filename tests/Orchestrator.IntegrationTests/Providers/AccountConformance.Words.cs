using System.Collections.Immutable;
using Orchestrator.Emulators;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Refusals, pages and junk on every call that there is.</summary>
public abstract partial class AccountConformance
{
    /// <summary>Longer than any hold and any lane.</summary>
    private static readonly TimeSpan _free = TimeSpan.FromMinutes(6);

    /// <summary>What is no answer of any API. Each is met with status 200.</summary>
    public static TheoryData<string> Junk =>
    [
        "null", "[]", "{}", "7", "\"yes\"", "{\"success\": false}", "{\"data\": 7, \"id\": [], \"new_contract\": {}}", "{\"data\": {\"instance_ids\": [null]}, \"id\": \"../..\", \"new_contract\": \"../..\"}", "{\"data\": [",
        "<html>we are back soon</html>", "we are back soon",
    ];

    /// <summary>To wait helps, nothing was rented or ended, and all who share the account wait with whoever was refused.</summary>
    [Theory]
    [InlineData("the API's own form")]
    [InlineData("words")]
    [InlineData("a page")]
    [InlineData("nothing")]
    public async Task A_refusal_for_the_limit_is_understood_on_every_call_with_the_time_to_wait(string form)
    {
        var (offer, id) = (await CheapestAsync(), await CreateAsync("orc-test-16-1"));
        await RunningAsync(id);
        var refusal = form switch
        {
            "words" => EmulatedAnswer.Text(429, "not so fast"),
            "a page" => EmulatedAnswer.Page(429, "Too Many Requests"),
            "nothing" => new EmulatedAnswer(429, ""),
            _ => new EmulatedAnswer(429, Failure(429, "not so fast")),
        };
        _junk!.Refusal = refusal with { Headers = ImmutableDictionary<string, string>.Empty.Add("Retry-After", "7") };

        foreach (var (call, refused) in await EachAsync(offer, id, "orc-test-16-2"))
        {
            Assert.True(refused is { Kind: ProviderErrorKind.RateLimited, NothingSent: false } && refused.RetryAfter == TimeSpan.FromSeconds(7), $"{call}: {refused}");
        }

        Assert.True(_pacer.Holds >= 6, $"{_pacer.Holds} holds");
        await NothingChangedAsync(id, "orc-test-16-2");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task What_the_API_does_not_take_is_said_in_its_own_words_on_every_call(int status)
    {
        const string Words = "a rule of which nobody has heard";
        var (offer, id) = (await CheapestAsync(), await CreateAsync("orc-test-17-1"));
        await RunningAsync(id);
        _junk!.Refusal = new EmulatedAnswer(status, Failure(status, Words));

        foreach (var (call, refused) in await EachAsync(offer, id, "orc-test-17-2"))
        {
            Assert.True(refused.Kind == ProviderErrorKind.Rejected && refused.Message.Contains(Words, StringComparison.Ordinal), $"{call}: {refused}");
        }

        // Some creates ask for other things first.
        _junk.Refusal = null;
        _junk.Instead = (Create.Method, Create.Path, new EmulatedAnswer(status, Failure(status, Words)), Acts: false);
        Clock.Leap(_free);
        Assert.Equal(ProviderErrorKind.Rejected, (await Assert.ThrowsAsync<ProviderException>(() => Provider.CreateAsync(Request("orc-test-17-2", offer), CancellationToken.None))).Kind);
        _junk.Instead = null;
        await NothingChangedAsync(id, "orc-test-17-2");
    }

    /// <summary>A gateway knows nothing of what was rented or ended, and its pages are for browsers.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_page_says_nothing_of_what_became_of_any_call(int status)
    {
        var (offer, id) = (await CheapestAsync(), await CreateAsync("orc-test-18-1"));
        await RunningAsync(id);
        _junk!.Refusal = EmulatedAnswer.Page(status, "Somewhere on the way");

        foreach (var (call, failed) in await EachAsync(offer, id, "orc-test-18-2"))
        {
            // The edge refuses bursts so: who only read may read again later.
            Assert.True(failed.Kind is ProviderErrorKind.Transient or ProviderErrorKind.Unknown || (status == 403 && failed.Kind == ProviderErrorKind.RateLimited) || failed.NothingSent, $"{call}: {failed}");
            Assert.DoesNotContain("<h", failed.Message, StringComparison.OrdinalIgnoreCase);
        }

        await NothingChangedAsync(id, "orc-test-18-2");
    }

    [Fact]
    public async Task A_key_that_the_API_repeats_is_cut_out_of_what_is_said()
    {
        var (offer, id) = (await CheapestAsync(), await CreateAsync("orc-test-19-1"));
        await RunningAsync(id);
        foreach (var answer in (EmulatedAnswer[])[new(400, Failure(400, $"no {Key} here")), EmulatedAnswer.Text(500, $"no {Key} here"), EmulatedAnswer.Text(429, $"no {Key} here"), EmulatedAnswer.Text(200, $"no {Key} here")])
        {
            _junk!.Refusal = answer;

            Assert.All(await EachAsync(offer, id, "orc-test-19-2"), failed => Assert.DoesNotContain(Key, failed.Error.ToString(), StringComparison.Ordinal));
        }

        Assert.Contains(_spoken.All, words => words.Contains("no *** here", StringComparison.Ordinal));
    }

    /// <summary>It has rented, whatever it says.</summary>
    [Theory]
    [MemberData(nameof(Junk))]
    public async Task A_create_that_answers_with_junk_is_unclear_and_leaves_one_to_be_found(string body)
    {
        _junk!.Instead = (Create.Method, Create.Path, new EmulatedAnswer(200, body), Acts: true);

        var unclear = await Assert.ThrowsAsync<ProviderException>(() => CreateAsync("orc-test-20-1"));

        Assert.True(unclear.Kind is ProviderErrorKind.Transient or ProviderErrorKind.Unknown, $"{unclear.Kind} would say that nothing was rented");
        _junk.Instead = null;
        var listed = await UntilAsync(instances => instances.Any(instance => instance.Label == "orc-test-20-1"), "the instance of the unclear call");
        Assert.Single(listed, instance => instance.Label == "orc-test-20-1");
    }

    /// <summary>Accepted or not, the list decides; only "not found" would be believed at once.</summary>
    [Theory]
    [MemberData(nameof(Junk))]
    public async Task A_destroy_that_answers_with_junk_ends_nothing_on_the_books(string body)
    {
        var id = await CreateAsync("orc-test-21-1");
        await RunningAsync(id);
        _junk!.Instead = (Destroy.Method, Destroy.Path, new EmulatedAnswer(200, body), Acts: false);

        var said = await Record.ExceptionAsync(() => Provider.DestroyAsync(id, CancellationToken.None));

        Assert.True(said is null or ProviderException { Kind: ProviderErrorKind.Transient or ProviderErrorKind.Unknown }, $"{said}");
        Assert.True(said is not null || !body.Contains("back soon", StringComparison.Ordinal), "words of a gateway were taken for a yes");
        _junk.Instead = null;
        await RunningAsync(id);
    }

    /// <summary>Not a market without offers, not an account without money, not a month without charges.</summary>
    [Theory]
    [MemberData(nameof(Junk))]
    public async Task Offers_the_account_and_charges_that_are_junk_are_said_to_be_unknown(string body)
    {
        foreach (var (method, path, ask) in ((string, string?, Func<IProvider, Task>)[])
            [
                (Market.Method, Market.Path, provider => provider.ListOffersAsync(CancellationToken.None)),
                ("GET", OfAccount, provider => ((IAccountSource)provider).GetAccountAsync(CancellationToken.None)),
                ("GET", Charges, ChargesAsync),
            ])
        {
            if (path is null)
            {
                Assert.False(Provider is IChargeSource, "it publishes charges, and none were asked for");
                continue;
            }

            var anew = Open(Key);
            using var disposed = anew as IDisposable;
            Clock.Leap(_free);
            _junk!.Instead = (method, path, new EmulatedAnswer(200, body), Acts: false);

            var unknown = await Assert.ThrowsAsync<ProviderException>(() => ask(anew));

            Assert.True(unknown.Kind is ProviderErrorKind.Transient or ProviderErrorKind.Unknown, $"{path}: {unknown}");
        }
    }

    private static Task ChargesAsync(IProvider provider) => ((IChargeSource)provider).ListChargesAsync(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), CancellationToken.None);

    /// <summary>What came of each call, by a provider that remembers nothing and has not waited for a while.</summary>
    private async Task<List<(string Call, ProviderException Error)>> EachAsync(Offer offer, string id, string label)
    {
        List<(string, Func<IProvider, Task>)> calls =
        [
            ("offers", provider => provider.ListOffersAsync(CancellationToken.None)),
            ("list", provider => provider.ListInstancesAsync(CancellationToken.None)),
            ("create", provider => provider.CreateAsync(Request(label, offer), CancellationToken.None)),
            ("endpoint", provider => provider.GetEndpointAsync(id, CancellationToken.None)),
            ("account", provider => ((IAccountSource)provider).GetAccountAsync(CancellationToken.None)),
            ("destroy", provider => provider.DestroyAsync(id, CancellationToken.None)),
        ];
        if (Provider is IChargeSource)
        {
            calls.Add(("charges", ChargesAsync));
        }

        List<(string, ProviderException)> came = [];
        foreach (var (name, call) in calls)
        {
            var anew = Open(Key);
            using var disposed = anew as IDisposable;
            Clock.Leap(_free);
            came.Add((name, await Assert.ThrowsAsync<ProviderException>(() => call(anew))));
        }

        return came;
    }

    private async Task NothingChangedAsync(string id, string label)
    {
        _junk!.Refusal = null;
        Clock.Leap(_free);
        Assert.DoesNotContain(await RunningAsync(id), instance => instance.Label == label);
    }
}
