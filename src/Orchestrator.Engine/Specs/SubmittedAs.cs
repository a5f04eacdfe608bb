using System.Collections.Immutable;

namespace Orchestrator.Engine.Specs;

/// <summary>What a spec was read with besides its text, so that the job can be submitted again.</summary>
/// <param name="FileName">As its problems name it; its stem is the default name.</param>
/// <param name="Folder">Absolute; relative paths begin there.</param>
/// <param name="Zone">IANA zone of times without one.</param>
/// <param name="Sets">Overrides, <c>path=value</c>, in order.</param>
public sealed record SubmittedAs(string FileName, string Folder, string Zone, ImmutableArray<string> Sets)
{
    /// <summary>As a run of a series, or a retry of one: its <c>schedule.cron</c> is not its own.</summary>
    public bool IsRun { get; init; }
}
