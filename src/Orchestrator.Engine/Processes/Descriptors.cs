using System.Globalization;

namespace Orchestrator.Engine.Processes;

/// <summary>Keeps descriptors that our own caller left open from travelling into programs we start.</summary>
internal static class Descriptors
{
    /// <summary>
    /// .NET opens everything close-on-exec, but a shell or a test harness may have handed us open pipes that are not;
    /// a daemon that kept one would hang whoever waits for the pipe's end. Marking them is cheaper and more certain than
    /// closing them in the child: sh can only name the descriptors 0 to 9.
    /// </summary>
    internal static void KeepFromChildren()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
            {
                // It may have been closed since the folder was read; then there is nothing to keep.
                _ = Libc.ControlDescriptor(descriptor, Libc.SetDescriptorFlags, Libc.CloseOnExec);
            }
        }
    }
}
