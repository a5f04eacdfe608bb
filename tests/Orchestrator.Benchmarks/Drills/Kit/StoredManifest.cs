namespace Orchestrator.Drills.Kit;

/// <summary>A manifest as it lies in the store folder, and what the drill itself found in its files.</summary>
/// <param name="Path">The manifest's file.</param>
/// <param name="Attempt">Who wrote it.</param>
/// <param name="Ordinal">The attempt's how-manieth.</param>
/// <param name="Step">What its files say; -1 when they do not agree.</param>
/// <param name="Files">Paths of its objects.</param>
/// <param name="Fault">Missing, short, wrong or mixed files in words; null = good.</param>
/// <param name="SeenAt">Unix time in seconds when it was first seen.</param>
public sealed record StoredManifest(string Path, int Attempt, int Ordinal, int Step, IReadOnlyList<string> Files, string? Fault, double SeenAt)
{
    /// <summary>The drill itself has damaged it.</summary>
    public bool IsOurDamage { get; init; }
}
