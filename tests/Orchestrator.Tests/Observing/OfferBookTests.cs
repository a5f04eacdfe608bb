using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Observing;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Observing;

public sealed class OfferBookTests
{
    [Fact]
    public async Task What_nobody_foresaw_of_one_provider_leaves_the_others_offers_and_is_not_asked_once_per_job()
    {
        var odd = new Shelf("a", () => throw new ArgumentException("an argument with control characters"));
        var good = new Shelf("b", () => []);
        using var book = new OfferBook(new ProviderSet([odd, good]), new FakeTimeProvider(), NullLogger<OfferBook>.Instance);

        var seen = await book.GetAsync(TimeSpan.FromSeconds(2), default);
        await book.GetAsync(TimeSpan.FromSeconds(2), default);

        Assert.Equal("a: an argument with control characters", Assert.Single(seen.Silent));
        Assert.Equal((1, 1), (odd.Asked, good.Asked));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_is_no_providers_silence()
    {
        using var given = new CancellationTokenSource();
        var provider = new Shelf("a", () =>
        {
            given.Cancel();
            throw new OperationCanceledException(given.Token);
        });
        using var book = new OfferBook(new ProviderSet([provider]), new FakeTimeProvider(), NullLogger<OfferBook>.Instance);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => book.GetAsync(TimeSpan.Zero, given.Token));
    }

    [Fact]
    public async Task Nobody_waits_twice_for_a_slow_provider_whose_last_offers_serve_meanwhile()
    {
        var time = new FakeTimeProvider();
        var answer = Task.FromResult<IReadOnlyList<Offer>>([]);
        var (slow, quick) = (new Shelf("a", () => [], () => answer), new Shelf("b", () => []));
        using var book = new OfferBook(new ProviderSet([slow, quick]), time, NullLogger<OfferBook>.Instance);
        Assert.Empty((await book.GetAsync(TimeSpan.Zero, default)).Silent);
        var late = new TaskCompletionSource<IReadOnlyList<Offer>>();
        answer = late.Task;

        var waiting = book.GetAsync(TimeSpan.Zero, default);
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("a: it does not answer in time", Assert.Single((await waiting).Silent));
        // The same look goes on, and nobody waits for it.
        Assert.Single((await book.GetAsync(TimeSpan.Zero, default)).Silent);
        Assert.Equal((2, 3), (slow.Asked, quick.Asked));

        late.SetResult([]);
        while (!(await book.GetAsync(TimeSpan.Zero, default)).Silent.IsEmpty)
        {
            // The look ends in its own time.
            await Task.Yield();
        }
    }

    [Fact]
    public async Task What_was_seen_long_ago_is_not_told_as_seen_now()
    {
        var time = new FakeTimeProvider();
        var late = new TaskCompletionSource<IReadOnlyList<Offer>>();
        var answer = late.Task;
        var slow = new Shelf("a", () => [], () => answer);
        using var book = new OfferBook(new ProviderSet([slow]), time, NullLogger<OfferBook>.Instance);
        var waiting = book.GetAsync(TimeSpan.Zero, default);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single((await waiting).Silent);

        late.SetResult([]);
        while (!(await book.GetAsync(TimeSpan.Zero, default)).Silent.IsEmpty)
        {
            // The look ends in its own time.
            await Task.Yield();
        }

        var asked = slow.Asked;
        time.Advance(TimeSpan.FromHours(3));
        answer = Task.FromException<IReadOnlyList<Offer>>(new ProviderException(ProviderErrorKind.Transient, "away"));

        Assert.Equal("a: away", Assert.Single((await book.GetAsync(TimeSpan.Zero, default)).Silent));
        Assert.Equal(asked + 1, slow.Asked);
    }

    private sealed class Shelf(string name, Func<IReadOnlyList<Offer>> offers, Func<Task<IReadOnlyList<Offer>>>? later = null) : IProvider
    {
        public string Name => name;

        public int Asked { get; private set; }

        public ProviderTimings Timings => throw new NotSupportedException();

        public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation)
        {
            Asked++;
            return later?.Invoke() ?? Task.FromResult(offers());
        }

        public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DestroyAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
