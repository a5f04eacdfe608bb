namespace Orchestrator.Agent.Native;

/// <summary>A process to start. It inherits nothing but what is named here: no descriptors, no blocked or ignored signals.</summary>
internal sealed record SpawnRequest
{
    /// <summary>Absolute path, or relative to the current folder; PATH is not searched.</summary>
    public required string File { get; init; }

    /// <summary>argv, with the program's name first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>File that takes stdout and stderr, appended to.</summary>
    public required string Output { get; init; }

    /// <summary>Descriptor that becomes stdin; null = /dev/null.</summary>
    public int? Input { get; init; }

    /// <summary>A session of its own (and with it a process group).</summary>
    public bool OwnSession { get; init; }

    /// <summary>A process group of its own in our session.</summary>
    public bool OwnGroup { get; init; }
}
