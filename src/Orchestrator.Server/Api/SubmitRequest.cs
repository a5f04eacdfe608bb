using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A spec to submit. The server reads the spec's folders itself: in embedded mode it is on the same machine.</summary>
public sealed record SubmitRequest
{
    /// <summary>The YAML as it is in the file.</summary>
    public required string Yaml { get; init; }

    /// <summary>What problems name, and where the job's default name comes from.</summary>
    public required string FileName { get; init; }

    /// <summary>Absolute path of the folder the spec lies in; relative paths in it begin there.</summary>
    public required string Folder { get; init; }

    /// <summary>IANA zone of the submitter, for times without one.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary><c>path=value</c> overrides, as given with --set.</summary>
    public ImmutableArray<string> Sets { get; init; } = [];
}
