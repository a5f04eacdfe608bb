using System.Collections.Immutable;

namespace Orchestrator.Engine.Backups;

/// <summary>What a backup is and what is in it.</summary>
public sealed record BackupManifest
{
    /// <summary>Of archives that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>Of the program that made it.</summary>
    public required string Version { get; init; }

    /// <summary>The moment the database is of, by its own clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The installation's.</summary>
    public required string Epoch { get; init; }

    /// <summary>Of PostgreSQL, for people: text is read by any version.</summary>
    public required string Postgres { get; init; }

    /// <summary>The schema's scripts, in order.</summary>
    public required ImmutableArray<string> Migrations { get; init; }

    public required ImmutableArray<BackupTable> Tables { get; init; }

    /// <summary>The last number that each sequence has given out; those that gave none are not here.</summary>
    public required ImmutableSortedDictionary<string, long> Sequences { get; init; }

    /// <summary>Of the data folder.</summary>
    public required ImmutableArray<BackupFile> Files { get; init; }
}
