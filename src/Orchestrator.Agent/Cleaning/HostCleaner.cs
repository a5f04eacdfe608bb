using Orchestrator.Agent.Native;
using Orchestrator.Agent.Staging;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Cleaning;

/// <summary>
/// Deletes everything of the job's. The agent's own folder stays: the journal has still to say that it was done. In a container it
/// deletes what was brought and made by the order; the image's own files and the rest go with the container, which is removed next.
/// </summary>
internal sealed class HostCleaner(AgentFolder folder, ImageEntries? image = null)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // By the system's own tools, as the local provider does: they delete names that are no text. Folders are opened one by one
    // before they are entered, since caches and data sets leave read-only ones, out of which their owner cannot delete. Links
    // are deleted, never followed, and what is mounted here is not ours.
    private const string Script = """
        wipe() {
          if [ -d "$1" ] && [ ! -L "$1" ]; then find "$1" -xdev -type d ! -perm -700 -exec chmod u+rwx {} \; ; fi
          rm -rf --one-file-system -- "$1"
        }
        cd "$1" || exit 1
        for f in * .[!.]* ..?*; do
          if [ "$f" != agent ]; then wipe "./$f"; fi
        done
        shift
        for f; do wipe "$f"; done
        """;

    /// <param name="order">What the job was told to do; null = it never came so far.</param>
    /// <param name="keepData">Another job takes the container over: pinned files stay, and what lies where programs leave things goes as well.</param>
    public HostCleaned Clean(TrainerOrder? order, bool keepData = false)
    {
        var elsewhere = folder.InContainer && order is not null ? PathsOf(order) : [];
        if (keepData && order is not null && folder.InContainer)
        {
            if ((image ?? new ImageEntries(folder)).Added() is not { } added)
            {
                return new HostCleaned(false, "nobody knows what was in the container before") { Seq = 0, At = default };
            }

            var kept = new KeptFiles(folder, order);
            elsewhere = [.. elsewhere.SelectMany(kept.Besides).Concat(added.SelectMany(kept.Besides)).Distinct(StringComparer.Ordinal)];
            return Clean(elsewhere) with { KeptData = true };
        }

        return Clean(elsewhere);
    }

    private HostCleaned Clean(List<string> elsewhere)
    {
        // A command line holds so many.
        foreach (var some in elsewhere.Chunk(500).DefaultIfEmpty([]))
        {
            _ = Tool.Run("sh", ["-c", Script, "sh", folder.Root, .. some], folder.Diagnostics, Longest);
        }

        var left = new List<string>();
        foreach (var path in Directory.GetFileSystemEntries(folder.Root).Where(path => path != folder.Own).Concat(elsewhere.Where(Path.Exists)))
        {
            if (DeleteWithoutTools(path) is { } why)
            {
                left.Add($"{Path.GetFileName(path)}: {why}");
            }
        }

        var words = left.Count == 0 ? "wiped" : "left behind: " + string.Join("; ", left.Take(5));
        return new HostCleaned(left.Count == 0, words) { Seq = 0, At = default };
    }

    private List<string> PathsOf(TrainerOrder order)
    {
        var paths = new SpecPaths(folder);
        return
        [
            .. order.Sources.Select(source => source.To).Concat(order.Outputs.Select(output => output.From))
                .Concat([order.DataDir, order.OutputDir, order.Checkpoints?.Path ?? order.OutputDir])
                .Select(Place).OfType<string>().Distinct().Where(path => path != folder.Files),
        ];

        // Nothing was put where the order may not write.
        string? Place(string specPath)
        {
            try
            {
                return paths.Place(specPath);
            }
            catch (RefusedPathException)
            {
                return null;
            }
        }
    }

    /// <summary>For an image that lacks them, or has small ones without the options.</summary>
    private static string? DeleteWithoutTools(string path)
    {
        try
        {
            if (FileStat.Of(path, follow: false) is not { IsFolder: true })
            {
                File.Delete(path);
            }
            else if (HoldsAMount(path))
            {
                return "something is mounted in it";
            }
            else
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }

        return Path.Exists(path) ? "it cannot be deleted" : null;
    }

    private static bool HoldsAMount(string path) => File.ReadLines("/proc/self/mountinfo")
        .Select(line => line.Split(' '))
        .Any(fields => fields.Length > 4 && (fields[4] == path || fields[4].StartsWith(path + "/", StringComparison.Ordinal)));
}
