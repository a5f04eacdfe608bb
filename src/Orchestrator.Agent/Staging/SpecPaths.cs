using Orchestrator.Protocol;

namespace Orchestrator.Agent.Staging;

/// <summary>Where the spec's absolute paths lie on this host: below the instance's root, and never anywhere else; in a container, where they say.</summary>
internal sealed class SpecPaths(AgentFolder folder)
{
    private const int Longest = 3000;

    /// <exception cref="RefusedPathException">It points outside the root, or into the agent's own folder.</exception>
    public string Place(string specPath)
    {
        if (specPath.Length == 0 || specPath[0] != '/')
        {
            throw new RefusedPathException($"path {Shown(specPath)} is not absolute");
        }

        var relative = specPath.Trim('/');
        var placed = relative.Length == 0 ? folder.Files : Below(folder.Files, relative.Replace("//", "/", StringComparison.Ordinal));
        return placed == folder.Own || placed.StartsWith(folder.Own + "/", StringComparison.Ordinal)
            ? throw new RefusedPathException($"path {Shown(specPath)} is the agent's own folder")
            : placed;
    }

    /// <summary>Where the trainer may have written.</summary>
    /// <param name="order">What it was told; null = nobody knows any more.</param>
    public string[] Written(TrainerOrder? order) => order is null
        ? [folder.Root, folder.Files, "/tmp"]
        : [folder.Root, folder.Files, "/tmp", Place(order.OutputDir), Place(order.DataDir), Place(order.Checkpoints?.Path ?? order.OutputDir)];

    /// <summary>A path below a folder, from a name that somebody else chose.</summary>
    /// <exception cref="RefusedPathException">It is absolute, climbs, or goes through a link.</exception>
    public static string Below(string parent, string relative)
    {
        if (relative.Length is 0 or > Longest || relative.Contains('\0', StringComparison.Ordinal))
        {
            throw new RefusedPathException($"path {Shown(relative)} is empty, too long or contains a zero byte");
        }

        var path = parent.TrimEnd('/');
        foreach (var part in relative.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                throw new RefusedPathException($"path {Shown(relative)} leaves its folder");
            }

            path += "/" + part;
        }

        return path;
    }

    /// <summary>Refuses to write through a link that somebody laid: the parts between parent and path must be real folders.</summary>
    public static void CreateParents(string parent, string path)
    {
        Directory.CreateDirectory(parent);
        var at = parent.TrimEnd('/');
        foreach (var part in Path.GetDirectoryName(path)![at.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at += "/" + part;
            if (Native.FileStat.Of(at, follow: false) is { IsLink: true })
            {
                throw new RefusedPathException($"path {Shown(path)} goes through the link {Shown(at)}");
            }

            Directory.CreateDirectory(at);
        }
    }

    private static string Shown(string path) => path.Length <= 200 ? $"\"{path}\"" : $"\"{path[..200]}…\"";
}
