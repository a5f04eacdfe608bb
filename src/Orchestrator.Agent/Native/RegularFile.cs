using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Agent.Native;

/// <summary>Files that a trainer may have put there, opened for reading. What was a file a moment ago may be a pipe by now, and opening that waits for ever.</summary>
internal static class RegularFile
{
    private const int SetStatusFlags = 4;

    /// <exception cref="IOException">It cannot be opened, or is no plain file.</exception>
    public static SafeFileHandle Open(string path)
    {
        var descriptor = Libc.open(path, Libc.OpenRead | Libc.OpenNonBlocking | Libc.CloseOnExec);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{new Win32Exception(error).Message}: {Path.GetFileName(path)}", error);
        }

        // What is a plain file never blocks; the handle shall look like any other.
        _ = Libc.fcntl(descriptor, SetStatusFlags, 0);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileStat.Of(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}"), follow: true) is { IsRegular: true })
        {
            return handle;
        }

        handle.Dispose();
        throw new IOException($"{Path.GetFileName(path)} is no plain file");
    }
}
