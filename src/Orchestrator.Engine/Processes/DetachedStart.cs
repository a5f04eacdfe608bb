namespace Orchestrator.Engine.Processes;

/// <summary>What to start detached.</summary>
public sealed record DetachedStart
{
    /// <summary>A path, or a name to look up in PATH.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Must exist. The default holds no mount or deleted folder busy.</summary>
    public string WorkingFolder { get; init; } = "/";

    /// <summary>Takes stdout and stderr, appended to; created with mode 0600. Its folder must exist.</summary>
    public required string LogFile { get; init; }

    /// <summary>The whole environment of the program; null: ours.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}
