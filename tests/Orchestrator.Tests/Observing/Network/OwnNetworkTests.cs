using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Observing.Network;
using Xunit;

namespace Orchestrator.Tests.Observing.Network;

public sealed class OwnNetworkTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 2, 0, 0, TimeSpan.Zero));
    private readonly OwnNetwork _network;
    private readonly Dictionary<string, PeerReach> _reached = new(StringComparer.Ordinal);

    public OwnNetworkTests()
    {
        _network = new(_time);
        _network.Tries(new("box", 22));
        _network.Tries(new("store", 443));
        (_reached["box"], _reached["store"]) = (Of(ReachOutcome.NoAnswer, "10.0.0.1"), Of(ReachOutcome.NoAnswer, "10.0.0.2"));
        _time.Advance(TimeSpan.FromMinutes(10));
        _network.Answered("store");
        _time.Advance(TimeSpan.FromMinutes(1));
        _network.Answered("box");
    }

    [Fact]
    public async Task It_is_away_since_the_last_word_and_back_with_the_next()
    {
        var last = _time.GetUtcNow();
        await JudgeLaterAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(last, _network.AwaySince);

        // However often it is judged.
        await JudgeLaterAsync(TimeSpan.FromHours(8));
        Assert.Equal(last, _network.AwaySince);
        Assert.Equal(TimeSpan.FromHours(8) + TimeSpan.FromMinutes(2), _network.Quiet);

        _time.Advance(TimeSpan.FromSeconds(1));
        _network.Answered("store");
        Assert.Null(_network.AwaySince);
        Assert.Equal(TimeSpan.Zero, _network.Quiet);
        await JudgeLaterAsync(TimeSpan.FromMinutes(2));
        Assert.Null(_network.AwaySince);
    }

    [Fact]
    public async Task A_try_that_succeeds_is_an_answer()
    {
        await JudgeLaterAsync(TimeSpan.FromMinutes(2));
        Assert.NotNull(_network.AwaySince);

        _reached["box"] = Of(ReachOutcome.Answered, "10.0.0.1");
        await JudgeLaterAsync(TimeSpan.FromMinutes(2));

        Assert.Null(_network.AwaySince);
        Assert.Equal(TimeSpan.Zero, _network.Quiet);
    }

    [Fact]
    public async Task What_answers_on_this_machine_proves_no_network()
    {
        _network.Tries(new("minio", 9000));
        _network.Tries(new("gone", 22));
        _reached["minio"] = new(ReachOutcome.Unclear, "192.168.1.10", IsHere: true);
        _reached["gone"] = Of(ReachOutcome.NoAnswer, "10.0.0.3");
        await JudgeLaterAsync(TimeSpan.FromMinutes(2));
        _network.Answered("minio");
        _network.Answered("nobody knows it");

        await JudgeLaterAsync(TimeSpan.FromMinutes(2));

        Assert.NotNull(_network.AwaySince);
    }

    /// <summary>Who lets no new connection in may still be speaking on an old one.</summary>
    [Fact]
    public async Task As_long_as_somebody_was_just_heard_nothing_is_concluded()
    {
        await JudgeLaterAsync(TimeSpan.FromSeconds(89));
        Assert.Null(_network.AwaySince);

        await JudgeLaterAsync(TimeSpan.FromSeconds(1));
        Assert.NotNull(_network.AwaySince);
    }

    private static PeerReach Of(ReachOutcome outcome, string address) => new(outcome, address, IsHere: false);

    private Task JudgeLaterAsync(TimeSpan after)
    {
        _time.Advance(after);
        return _network.JudgeAsync(TimeSpan.FromSeconds(90), (peer, _) => Task.FromResult(_reached[peer.Host]), default);
    }
}
