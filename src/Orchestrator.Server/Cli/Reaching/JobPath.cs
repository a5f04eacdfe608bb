namespace Orchestrator.Server.Cli.Reaching;

/// <summary>One side of a copy: a path here, or <c>JOB:path</c>.</summary>
/// <param name="Job">Null = here.</param>
/// <param name="Path">As it was written.</param>
internal sealed record JobPath(string? Job, string Path)
{
    /// <summary>As scp reads it: a colon before the first slash means somewhere else; <c>./a:b</c> is a file here.</summary>
    internal static JobPath Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return colon > 0 && (slash < 0 || colon < slash) ? new(text[..colon], text[(colon + 1)..]) : new(null, text);
    }

    /// <summary>The path without slashes at its end.</summary>
    internal string Trimmed => Path.TrimEnd('/');

    internal bool EndsInSlash => Path.EndsWith('/');

    /// <summary>Its last part; null = it has none that a copy could be called.</summary>
    internal string? Name => Trimmed.Split('/')[^1] is { Length: > 0 } name && name is not ("." or "..") ? name : null;
}
