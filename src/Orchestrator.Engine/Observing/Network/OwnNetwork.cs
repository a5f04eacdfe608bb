using System.Collections.Concurrent;

namespace Orchestrator.Engine.Observing.Network;

/// <summary>
/// This server's own network, as far as its peers show it: who off this machine was spoken with, who answered when, and whether none can
/// be reached any more. Whoever makes a connection says so here.
/// </summary>
public sealed class OwnNetwork(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Known> _peers = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _began = time.GetTimestamp();
    private volatile Judgement? _away;

    /// <summary>Since when nobody off this machine answers; null = the network is there, or nothing shows that it is not.</summary>
    public DateTimeOffset? AwaySince => _away is { } judged && LastAnswer <= judged.LastAnswer ? judged.Since : null;

    public IReadOnlyCollection<NetworkPeer> Peers => [.. _peers.Values.Select(known => known.Peer)];

    /// <summary>Whether anybody off this machine has been heard since this server began.</summary>
    public bool IsHeard => LastAnswer >= 0;

    /// <summary>How long nobody has been heard.</summary>
    public TimeSpan Quiet => Now - TimeSpan.FromTicks(Math.Max(LastAnswer, 0));

    private IEnumerable<Known> Elsewhere => _peers.Values.Where(known => !known.IsHere);

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>In ticks; negative = nobody yet.</summary>
    private long LastAnswer => Elsewhere.Select(known => known.AnsweredTicks).DefaultIfEmpty(Known.Never).Max();

    /// <summary>A connection to it is about to be made.</summary>
    public void Tries(NetworkPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _peers.GetOrAdd(peer.Host, static (_, added) => new Known(added), peer);
    }

    /// <summary>Something came from there.</summary>
    public void Answered(string host)
    {
        if (_peers.TryGetValue(host, out var known))
        {
            known.AnsweredTicks = Now.Ticks;
        }
    }

    /// <summary>Tries every peer anew, and judges by that. Nobody is tried twice at once.</summary>
    /// <param name="after">As long as somebody was heard within this time, nothing is concluded.</param>
    /// <param name="reach">Tries one.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task JudgeAsync(TimeSpan after, Func<NetworkPeer, CancellationToken, Task<PeerReach>> reach, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reach);
        await Task.WhenAll(Elsewhere.Select(known => TryAsync(known, reach, cancellation)));
        var last = LastAnswer;
        var now = Now;
        _away = Quiet < after || !NetworkRule.IsAway([.. Elsewhere.Select(known => known.Evidence)]) ? null
            : _away is { } before && before.LastAnswer == last ? before
            : new(last, time.GetUtcNow() - (now - TimeSpan.FromTicks(Math.Max(last, 0))));
    }

    private async Task TryAsync(Known known, Func<NetworkPeer, CancellationToken, Task<PeerReach>> reach, CancellationToken cancellation)
    {
        var began = Now;
        var reached = await reach(known.Peer, cancellation);
        known.Note(began, reached);
        if (reached.Outcome == ReachOutcome.Answered)
        {
            Answered(known.Peer.Host);
        }
    }

    private sealed record Judgement(long LastAnswer, DateTimeOffset Since);

    private sealed class Known(NetworkPeer peer)
    {
        public const long Never = -1;

        private long _answered = Never;
        private volatile Try? _last;

        public NetworkPeer Peer => peer;

        public long AnsweredTicks
        {
            get => Interlocked.Read(ref _answered);
            set => Interlocked.Exchange(ref _answered, value);
        }

        public bool IsHere => _last is { Reached.IsHere: true };

        public PeerEvidence Evidence => new(
            _last?.Reached.Address ?? peer.Host, AnsweredTicks is >= 0 and var at ? TimeSpan.FromTicks(at) : null, _last?.At, _last?.Reached.Outcome ?? ReachOutcome.None);

        public void Note(TimeSpan at, PeerReach reached) => _last = new(at, reached);

        private sealed record Try(TimeSpan At, PeerReach Reached);
    }
}
