namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>What git's complaints mean, and what to do about them.</summary>
internal static class GitWords
{
    private static readonly string[] _login =
    [
        "could not read Username", "could not read Password", "Authentication failed", "terminal prompts disabled", "Permission denied (", "Invalid username", "returned error: 401",
        "returned error: 403", "Repository not found", "repository not found", "remote: Not Found", "HTTP Basic: Access denied",
    ];

    internal static GitException From(string complaints, GitUrl url, GitAccount? account)
    {
        var said = Line(complaints);
        if (Array.Exists(_login, complaints.Contains))
        {
            var host = url.Host;
            return new($"{url.Text} cannot be read: {said}", account is null
                ? url.Scheme == "ssh"
                    ? $"add {{host: {host}, key: PATH}} under git in orchestrator.yaml, with a key that may read it"
                    : $"check the URL; where it is private, add {{host: {host}, token: {{secret: NAME}}}} under git in orchestrator.yaml"
                : $"check the URL, and mend git.{account.Name} in orchestrator.yaml: it may not read this repository");
        }

        return complaints.Contains("Host key verification failed", StringComparison.Ordinal)
                ? new($"{url.Host} shows another host key than before", "find out why; if it was changed for good, take its lines out of git-known-hosts in the data folder")
            : complaints.Contains("transport '", StringComparison.Ordinal) && complaints.Contains("not allowed", StringComparison.Ordinal)
                ? new($"{url.Text}: {said}", "repositories and their submodules are fetched over https and ssh only")
            : new($"{url.Text} cannot be fetched: {said}", url.Scheme == "ssh"
                ? $"nothing was submitted; `git ls-remote {url.Text}` on the server's machine must work"
                : "nothing was submitted; try again when it answers");
    }

    internal static bool IsNoSuchRef(string complaints) =>
        complaints.Contains("couldn't find remote ref", StringComparison.Ordinal) || complaints.Contains("not our ref", StringComparison.Ordinal)
        || complaints.Contains("no such remote ref", StringComparison.OrdinalIgnoreCase) || complaints.Contains("unadvertised object", StringComparison.Ordinal)
        || complaints.Contains("remote error: upload-pack: not our ref", StringComparison.Ordinal);

    /// <summary>A plain file server cannot cut history off.</summary>
    internal static bool IsNoShallow(string complaints) => complaints.Contains("shallow", StringComparison.Ordinal);

    private static string Line(string complaints)
    {
        var lines = complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var at = Array.FindLastIndex(lines, one => one.StartsWith("fatal:", StringComparison.Ordinal));
        // What ended ssh stands before it; git only sees that it has ended.
        var reason = at > 0 && lines[at].Contains("Could not read from remote repository", StringComparison.Ordinal)
            ? Array.FindLast(lines[..at], one => !one.StartsWith("Warning:", StringComparison.Ordinal) && one != "Host key verification failed.")
            : null;
        var line = reason ?? (at >= 0 ? lines[at] : null) ?? lines.LastOrDefault() ?? "git said nothing";
        var words = line.StartsWith("fatal: ", StringComparison.Ordinal) ? line["fatal: ".Length..] : line;
        return string.Concat(words.Take(300).Select(c => char.IsControl(c) ? ' ' : c));
    }
}
