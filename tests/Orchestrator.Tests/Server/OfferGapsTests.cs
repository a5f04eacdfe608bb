using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Security;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server;

public sealed class OfferGapsTests
{
    private static readonly AccountEntry _account = new() { Name = "mine", Provider = "vast", Key = new TokenSource.FromEnvironment("K") };

    [Fact]
    public async Task Who_does_not_answer_and_what_is_seen_in_part_is_told_beside_the_offers()
    {
        using var book = Book(new Market("runpod", null, "no answer"), new Market("vast", "3 of 9 searches are still to come", null), new Market("lambda", null, null));
        var gaps = await new EngineMarketDesk(book, null!, null!, new EngineOptions { ServerId = "s1", Connection = "" }).GapsAsync(default);

        Assert.Equal(["! runpod: no answer", "! vast: 3 of 9 searches are still to come"], Tables.Gaps(gaps));
        Assert.Empty(Tables.Gaps([]));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("some", null, true)]
    [InlineData("some", "no answer", false)]
    [InlineData(null, "no answer", false)]
    public async Task Only_in_part_is_what_all_answered(string? unseen, string? silence, bool isOnlyInPart)
    {
        using var book = Book(new Market("vast", unseen, null), new Market("runpod", null, silence));
        var seen = await book.GetAsync(TimeSpan.Zero, default);

        Assert.Equal((isOnlyInPart, unseen is null && silence is null), (seen.IsOnlyInPart, seen.IsComplete));
    }

    /// <summary>A key that is refused is told once, and where to look is the line that says what to do.</summary>
    [Theory]
    [InlineData("bad", "mine: the account cannot be read: auth_error", "see the line of account mine above")]
    [InlineData("ok", "mine: the key may read what it must", "see the server's log")]
    [InlineData("bad", "mine2: the account cannot be read: auth_error", "see the server's log")]
    public void Doctor_points_a_silent_market_at_the_line_of_its_account(string level, string said, string words)
    {
        var checks = OfferChecks.Of(new OffersSeen([], ["vast: auth_error"]), [_account], [new DoctorCheck("account", level, said)]);

        Assert.Equal(new DoctorCheck("offers", "bad", "vast: auth_error", words), Assert.Single(checks));
    }

    [Fact]
    public void Doctor_warns_of_a_market_that_is_seen_in_part()
    {
        var checks = OfferChecks.Of(new OffersSeen([], ["ssh: off"]) { Partly = ["vast: some"] }, [_account], []);

        Assert.Equal([("bad", "ssh: off", "see the server's log"), ("warning", "vast: some", "a few minutes after a start that is usual")], checks.Select(check => (check.Level, check.Text, check.WhatToDo)));
    }

    private static OfferBook Book(params IProvider[] providers) => new(new ProviderSet(providers), new FakeTimeProvider(), NullLogger<OfferBook>.Instance);

    private sealed class Market(string name, string? unseen, string? silence) : IProvider, IMarketInParts
    {
        public string Name => name;

        public string? Unseen => unseen;

        public ProviderTimings Timings => throw new NotSupportedException();

        public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) =>
            silence is null ? Task.FromResult<IReadOnlyList<Offer>>([]) : Task.FromException<IReadOnlyList<Offer>>(new ProviderException(ProviderErrorKind.Transient, silence));

        public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DestroyAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
