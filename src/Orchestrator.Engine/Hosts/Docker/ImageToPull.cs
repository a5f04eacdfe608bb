namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>A job's image, and the login that goes with its pull and nowhere else.</summary>
/// <param name="Reference">As Docker understands it; with a digest where that is known, so that every attempt runs the same.</param>
/// <param name="Registry">The registry's host, for the login.</param>
/// <param name="User">Null = none.</param>
/// <param name="Password">Never printed.</param>
public sealed record ImageToPull(string Reference, string? Registry = null, string? User = null, string? Password = null)
{
    /// <summary>Without digest or tag.</summary>
    public string Name => Reference.Split('@')[0] is var named && TagAt(named) is var at and > 0 ? named[..at] : named;

    /// <summary>The digest, else the tag.</summary>
    public string Version => Reference.Split('@') is [_, var digest] ? digest : TagAt(Reference) is var at and > 0 ? Reference[(at + 1)..] : "latest";

    /// <summary>By which a daemon finds exactly this one.</summary>
    public string Exact => Name + (Version.Contains(':', StringComparison.Ordinal) ? "@" : ":") + Version;

    public override string ToString() => Reference;

    /// <summary>A colon before the last slash is a registry's port.</summary>
    private static int TagAt(string text) => text.LastIndexOf(':') is var colon && colon > text.LastIndexOf('/') ? colon : -1;
}
