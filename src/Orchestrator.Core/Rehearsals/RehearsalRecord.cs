using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Rehearsals;

/// <summary>All that a rehearsal has seen and decided so far; its job's own history knows the rest.</summary>
public sealed record RehearsalRecord
{
    /// <summary>Enough to compare by; a trainer that reports ten times a second must not fill the database.</summary>
    private const int MostPoints = 400;

    /// <summary>Of attempts before the newest: what is far from where it was killed is not compared.</summary>
    private const int MostOlderPoints = 300;

    /// <summary>Null = nothing was killed yet.</summary>
    public RehearsalKill? Kill { get; init; }

    /// <summary>In the order they were heard.</summary>
    public ImmutableArray<RehearsalPoint> Points { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableArray<RehearsalSave> Saves { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Null while it goes on.</summary>
    public RehearsalEnd? End { get; init; }

    /// <summary>With what was heard since.</summary>
    public RehearsalRecord Hear(IEnumerable<RehearsalPoint> points, JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var heard = Points.AddRange(points.Where(point => !Points.Any(known => known.Attempt == point.Attempt && known.Step == point.Step)).Distinct());
        if (heard.Length > MostPoints)
        {
            // Of the killed attempt the end counts, of the one that resumed the beginning.
            var newest = heard.Max(point => point.Attempt);
            var older = heard.Where(point => point.Attempt < newest).TakeLast(MostOlderPoints).ToList();
            var room = MostPoints - older.Count;
            var last = heard.Where(point => point.Attempt == newest);
            heard = [.. older, .. newest > (Kill?.Attempt ?? int.MaxValue) ? last.Take(room) : last.TakeLast(room)];
        }

        var fresh = state.Checkpoints.Where(checkpoint => !checkpoint.Late && checkpoint.Attempt != JobFolders.Copied).Select(RehearsalSave.Of)
            .Where(save => !Saves.Any(known => (known.Attempt, known.Ordinal) == (save.Attempt, save.Ordinal)));
        var saves = Saves.AddRange(fresh);
        return heard.Length == Points.Length && saves.Length == Saves.Length && heard.SequenceEqual(Points) ? this : this with { Points = heard, Saves = saves };
    }
}
