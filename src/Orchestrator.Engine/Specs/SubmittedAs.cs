using System.Collections.Immutable;
using Orchestrator.Engine.Templates;

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

    /// <summary>The template that it names, as it was; null = it names none, and in specs of older releases.</summary>
    public FormerTemplate? Template { get; init; }

    /// <summary>The server's default values of job fields then; what older releases stored has none, and today's are taken.</summary>
    public ImmutableArray<SpecSetting>? Defaults { get; init; }

    /// <summary>Of a retry: the number of the former job's checkpoint that was asked for; null = none was.</summary>
    public int? FromCheckpoint { get; init; }
}
