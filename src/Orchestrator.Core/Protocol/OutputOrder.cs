namespace Orchestrator.Protocol;

/// <param name="From">File or folder, absolute as in the spec.</param>
/// <param name="Prefix">Key prefix below the attempt's prefix, with trailing slash.</param>
/// <param name="Always">Also when the trainer failed (when it could be).</param>
/// <param name="Every">Also every so often while training; null = at the end only.</param>
public sealed record OutputOrder(string From, string Prefix, bool Always, TimeSpan? Every);
