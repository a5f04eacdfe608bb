using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>
/// A real file system of a few megabytes, seen only by those who enter its namespace: no other process can be harmed by its
/// being full, nothing is left mounted, and an ordinary user may have one where user namespaces are allowed.
/// </summary>
public sealed class SmallDisk : IDisposable
{
    private static readonly string[] AsRoot = ["-m"];
    private static readonly string[] AsAnybody = ["-U", "-r", "-m"];
    private static readonly Lazy<string[]?> Way = new(() => new[] { AsRoot, AsAnybody }.FirstOrDefault(Works));

    private readonly Process _holder;

    public SmallDisk(string folder, string size) => _holder = Mount(Way.Value!, folder, size) ?? throw new InvalidOperationException("no small disk");

    /// <summary>Null = there can be one here.</summary>
    public static string? Obstacle => Way.Value is not null
        ? null
        : "needs a small file system that runs full: unshare with a mount namespace (as root, or with user namespaces) is not allowed here";

    /// <summary>The path by which we see what they see at <paramref name="path"/>.</summary>
    public string Outside(string path) => $"/proc/{_holder.Id}/root{path}";

    /// <summary>The command, run inside.</summary>
    public ProcessStartInfo Enter(string program, IEnumerable<string> arguments) => new(
        "nsenter",
        ["-t", _holder.Id.ToString(null, null), "-m", .. Way.Value == AsRoot ? Array.Empty<string>() : ["-U", "--preserve-credentials"], program, .. arguments]);

    public void Dispose()
    {
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }

    private static Process? Mount(string[] way, string folder, string size)
    {
        var start = new ProcessStartInfo(
            "unshare", [.. way, "sh", "-c", "mount -t tmpfs -o size=$2 tmpfs \"$1\" && echo mounted && exec sleep 86400", "sh", folder, size])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() == "mounted")
            {
                return process;
            }

            process.WaitForExit();
            process.Dispose();
        }
        catch (Win32Exception)
        {
            // No unshare here.
        }

        return null;
    }

    private static bool Works(string[] way)
    {
        var folder = Directory.CreateTempSubdirectory("orc-disk-").FullName;
        try
        {
            using var process = Mount(way, folder, "64k");
            process?.Kill();
            process?.WaitForExit();
            return process is not null;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
