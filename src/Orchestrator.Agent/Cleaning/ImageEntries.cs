using System.Text;

namespace Orchestrator.Agent.Cleaning;

/// <summary>
/// What lay in the places where programs leave logins, caches and temporary files before the first job began in this container: what is there
/// besides when a job passes the host on is that job's, and goes. What a job installs into the image's own folders stays: the next one is of the same batch
/// and installs the same.
/// </summary>
internal sealed class ImageEntries(AgentFolder folder, string[]? places = null)
{
    /// <summary>By which we come in.</summary>
    private static readonly string[] _logins = [".ssh", "authorized_keys", "authorized_keys2"];

    private readonly string[] _places = places ?? Places(Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home ? home : "/root");

    /// <summary>Once, before anything of a job's is there: an agent that has a state may have begun one, and what is there then is nobody's word for the image's.</summary>
    public void Note()
    {
        if (!folder.InContainer || File.Exists(folder.ImageEntries) || File.Exists(folder.State))
        {
            return;
        }

        try
        {
            AtomicFile.Write(folder.ImageEntries, Encoding.UTF8.GetBytes(string.Join('\0', _places.SelectMany(Entries))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The job goes on all the same; its host is destroyed when it is done.
            Diagnostics.Write($"what the image brought cannot be noted: {e.Message}");
        }
    }

    /// <summary>What is there and was not; null = nobody noted what was.</summary>
    public IReadOnlyList<string>? Added()
    {
        if (AtomicFile.Read(folder.ImageEntries) is not { } noted)
        {
            return null;
        }

        var before = Encoding.UTF8.GetString(noted).Split('\0').ToHashSet(StringComparer.Ordinal);
        return [.. _places.SelectMany(Entries).Where(path => !before.Contains(path) && !IsOurs(path))];
    }

    private bool IsOurs(string path) => _logins.Contains(Path.GetFileName(path)) || folder.Own == path || folder.Own.StartsWith(path + "/", StringComparison.Ordinal)
        || Environment.ProcessPath?.StartsWith(path + "/", StringComparison.Ordinal) == true || Environment.ProcessPath == path;

    private static string[] Places(string home) => [home, $"{home}/.ssh", $"{home}/.cache", $"{home}/.config", $"{home}/.local/share", "/tmp", "/var/tmp", "/dev/shm"];

    private static IEnumerable<string> Entries(string place)
    {
        try
        {
            // A link would lead to what lies elsewhere.
            return Native.FileStat.Of(place, follow: false) is { IsFolder: true } ? Directory.GetFileSystemEntries(place) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
