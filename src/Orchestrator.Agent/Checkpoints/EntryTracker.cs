using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Decides when an entry is complete, by the spec's rule, from what successive looks show.</summary>
/// <param name="order">The rule.</param>
/// <param name="time">For the quiet time.</param>
/// <param name="openForWriting">Whether anybody still writes at or below an entry.</param>
/// <param name="markerBeside">Whether the marker of an entry that is a file exists.</param>
internal sealed class EntryTracker(CheckpointOrder order, TimeProvider time, Func<EntrySnapshot, bool> openForWriting, Func<EntrySnapshot, bool> markerBeside)
{
    private static readonly TimeSpan InPlaceSettle = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, Track> _tracks = new(StringComparer.Ordinal);

    /// <param name="snapshot">What lies there now.</param>
    /// <param name="end">How the trainer ended; null = it runs.</param>
    /// <returns>Whether this very state of the entry is a whole checkpoint.</returns>
    public bool IsComplete(EntrySnapshot snapshot, TrainerEnd? end)
    {
        var track = _tracks.GetValueOrDefault(snapshot.Name);
        if (track?.Seen.Fingerprint != snapshot.Fingerprint)
        {
            track = new Track(snapshot, time.GetTimestamp(), track is not null && SharesAFile(track.Seen, snapshot));
            _tracks[snapshot.Name] = track;
        }

        var marked = order.Completion == CompletionKind.Marker && order.Marker is { Length: > 0 } marker
            && (snapshot.IsFolder ? snapshot.Files.Any(file => file.Path == snapshot.Name + "/" + marker) : markerBeside(snapshot));
        var quiet = order.Completion switch
        {
            CompletionKind.Marker => marked,
            // An atomic rename brings new files; one that changes under its final name is being rewritten, whatever the spec says.
            CompletionKind.Rename => !(track.InPlace || snapshot.IsLink) || HasSettled(track, end, InPlaceSettle > order.Settle ? order.Settle : InPlaceSettle),
            _ => HasSettled(track, end, order.Settle),
        };
        return quiet && !openForWriting(snapshot);
    }

    public void Forget(IReadOnlySet<string> present)
    {
        foreach (var name in _tracks.Keys.Where(name => !present.Contains(name)).ToList())
        {
            _tracks.Remove(name);
        }
    }

    /// <summary>After the trainer's end nothing changes any more, so quiet time alone proves nothing: what it wrote just before it was killed may be half.</summary>
    private bool HasSettled(Track track, TrainerEnd? end, TimeSpan settle) => end is null
        ? time.GetElapsedTime(track.Since) >= settle
        : end.Orderly || track.Seen.NewestChange + (long)(settle.TotalMilliseconds * 1_000_000) <= end.At;

    private static bool SharesAFile(EntrySnapshot before, EntrySnapshot now)
    {
        var known = before.Files.ToDictionary(file => (file.Stat.Device, file.Stat.Inode, file.Path), file => file.Stat);
        return now.Files.Any(file => known.TryGetValue((file.Stat.Device, file.Stat.Inode, file.Path), out var stat) && stat != file.Stat);
    }

    private sealed record Track(EntrySnapshot Seen, long Since, bool InPlace);
}
