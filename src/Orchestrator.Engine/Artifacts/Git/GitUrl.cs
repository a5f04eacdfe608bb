namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>Where a repository lies.</summary>
/// <param name="Text">As git takes it.</param>
/// <param name="Scheme"><c>https</c>, <c>ssh</c>, <c>git</c>, ...</param>
/// <param name="Host">With its port where the URL has one.</param>
internal sealed record GitUrl(string Text, string Scheme, string Host)
{
    /// <summary>Throws <see cref="GitException"/> for one with a password in it: the spec is stored, and shown.</summary>
    internal static GitUrl Parse(string text)
    {
        // user@host:path, as people copy it.
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            var at = text.IndexOf('@', StringComparison.Ordinal);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return at > 0 && colon > at ? new(text, "ssh", text[(at + 1)..colon]) : throw NoUrl(text);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            throw NoUrl(text);
        }

        return HoldsLogin(text)
            ? throw new GitException("code.git: the URL holds a login, and specs are stored and shown", "take it out, and put the token under git in orchestrator.yaml")
            : new(text, url.Scheme, url.Authority[(url.Authority.IndexOf('@', StringComparison.Ordinal) + 1)..]);
    }

    /// <summary>A password, or over https a name, which is where people put tokens. The name of an ssh login is no secret.</summary>
    internal static bool HoldsLogin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.UserInfo.Contains(':', StringComparison.Ordinal) || (url.UserInfo.Length > 0 && url.Scheme.StartsWith("http", StringComparison.Ordinal)));

    private static GitException NoUrl(string text) => new($"code.git: \"{text}\" is no git URL", "write https://host/owner/repository or git@host:owner/repository.git");
}
