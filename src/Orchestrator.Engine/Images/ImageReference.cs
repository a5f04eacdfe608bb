using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Images;

/// <summary>Which image, in full: what people leave out is filled in as Docker does.</summary>
/// <param name="Registry">Host, with its port where it has one: <c>docker.io</c>, <c>localhost:5000</c>.</param>
/// <param name="Repository">Path below the registry: <c>library/debian</c>.</param>
/// <param name="Tag">Null where only a digest is given.</param>
/// <param name="Digest"><c>sha256:...</c>; null = whatever the tag points at.</param>
public sealed partial record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    public const string DockerHub = "docker.io";

    /// <summary>Where the registry's API answers: Docker Hub's is elsewhere than its name.</summary>
    public string ApiHost => Registry == DockerHub ? "registry-1.docker.io" : Registry;

    /// <summary>The host alone.</summary>
    public string HostName => Registry.LastIndexOf(':') is var colon and > 0 && !Registry.EndsWith(']') ? Registry[..colon] : Registry;

    /// <summary>What the registry's API is asked for.</summary>
    public string Wanted => Digest ?? Tag!;

    /// <summary>Null when it is no reference; <paramref name="problem"/> says why.</summary>
    public static ImageReference? Parse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (rest, digest) = Cut(text, '@');
        if (digest is not null && !DigestPattern().IsMatch(digest))
        {
            problem = "its digest must be sha256: and 64 lower-case hex digits";
            return null;
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : rest[..slash];
        // A first part with a dot or a port is a host; "acme/trainer" is a repository of Docker Hub.
        var hasHost = first == "localhost" || first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal);
        var registry = !hasHost || first is "index.docker.io" or "registry-1.docker.io" ? DockerHub : first.ToLowerInvariant();
        var (repository, tag) = Cut(hasHost ? rest[(slash + 1)..] : rest, ':');
        repository = registry == DockerHub && !repository.Contains('/', StringComparison.Ordinal) ? "library/" + repository : repository;
        problem = Problem(registry, repository, tag);
        return problem.Length > 0 ? null : new(registry, repository, tag ?? (digest is null ? "latest" : null), digest);
    }

    /// <summary>The same image for ever.</summary>
    public string Pinned(string digest) => $"{Registry}/{Repository}@{digest}";

    public override string ToString() => $"{Registry}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    internal static bool IsDigest(string text) => DigestPattern().IsMatch(text);

    /// <summary>Whether a text can be a registry's host with or without a port.</summary>
    public static bool IsHost(string text) => HostPattern().IsMatch(text);

    private static string Problem(string registry, string repository, string? tag) =>
        !HostPattern().IsMatch(registry) ? "its registry must be a host name, with a port or without"
        : repository.Any(char.IsAsciiLetterUpper) ? "a repository's name is lower-case"
        : repository.Length > 255 || !RepositoryPattern().IsMatch(repository) ? "its repository must be lower-case letters, digits and single . _ - between them, parts separated by /"
        : tag is not null && !TagPattern().IsMatch(tag) ? "its tag must be letters, digits, dots, hyphens and underscores, at most 128"
        : "";

    private static (string Before, string? After) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);

    [GeneratedRegex(@"\A(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestPattern();
}
