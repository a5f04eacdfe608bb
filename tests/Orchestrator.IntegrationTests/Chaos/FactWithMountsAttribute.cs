using System.Diagnostics;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A test about a file system that is full or read-only: it mounts a small one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithMountsAttribute : FactAttribute
{
    public FactWithMountsAttribute() => Skip = CanMount() ? null! : "needs root and the right to mount a tmpfs, to have a small file system that runs full";

    internal static bool Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static bool CanMount()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return false;
        }

        var folder = Directory.CreateTempSubdirectory("orc-mount-").FullName;
        try
        {
            return Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) && Run("umount", folder);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
