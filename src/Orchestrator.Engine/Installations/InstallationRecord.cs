using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Installations;

/// <summary>
/// What the outside of the database remembers, so that a restored or copied database is noticed: it would launch again what
/// has been launched, or write keys that have been written.
/// </summary>
public sealed record InstallationRecord
{
    /// <summary>Ended jobs that are remembered; the newest are the ones a backup lacks.</summary>
    public const int MaxEnded = 1000;

    public required string Epoch { get; init; }

    /// <summary>Epochs of this installation that are over, by which a record and a database are known to be of one descent.</summary>
    public ImmutableSortedSet<string> Former { get; init; } = [];

    /// <summary>The secrets key this installation seals with; null = not known yet.</summary>
    public string? KeyId { get; init; }

    /// <summary>Newest attempt for which a create call was permitted, by job; live jobs only.</summary>
    public ImmutableSortedDictionary<long, int> Jobs { get; init; } = ImmutableSortedDictionary<long, int>.Empty;

    /// <summary>Jobs that ended, ascending, at most <see cref="MaxEnded"/>.</summary>
    public ImmutableSortedSet<long> Ended { get; init; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether nothing but the time of writing differs.</summary>
    public bool SaysTheSameAs(InstallationRecord? other) => other is not null
        && (Epoch, KeyId) == (other.Epoch, other.KeyId) && Former.SetEquals(other.Former) && Jobs.SequenceEqual(other.Jobs) && Ended.SetEquals(other.Ended);

    public InstallationRecord WithAttempt(JobId job, int attempt) =>
        Jobs.TryGetValue(job.Value, out var known) && known >= attempt ? this : this with { Jobs = Jobs.SetItem(job.Value, attempt) };

    public InstallationRecord WithEnded(JobId job)
    {
        var ended = Ended.Add(job.Value);
        while (ended.Count > MaxEnded)
        {
            ended = ended.Remove(ended.Min);
        }

        return this with { Jobs = Jobs.Remove(job.Value), Ended = ended };
    }

    /// <summary>Everything either of two records of one epoch knows.</summary>
    public InstallationRecord Merge(InstallationRecord other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!string.Equals(other.Epoch, Epoch, StringComparison.Ordinal))
        {
            throw new ArgumentException($"a record of epoch {other.Epoch} is not of epoch {Epoch}", nameof(other));
        }

        var merged = other.Jobs.Aggregate(this, (record, job) => record.WithAttempt(new JobId(job.Key), job.Value));
        merged = Ended.Concat(other.Ended).Aggregate(merged, (record, job) => record.WithEnded(new JobId(job)));
        return other.Former.IsSubsetOf(merged.Former) ? merged : merged with { Former = merged.Former.Union(other.Former) };
    }
}
