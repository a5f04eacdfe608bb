using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Attaching;

/// <summary>Where the socket lies: in the agent's folder, or, where that path is too long for a socket, in a short one that a file names.</summary>
internal static class SocketAddress
{
    // sun_path has 108 bytes with its terminating zero.
    private const int Longest = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static string ForListening(AgentFolder folder)
    {
        var usual = Path.Combine(folder.Own, "attach.sock");
        if (Encoding.UTF8.GetByteCount(usual) <= Longest)
        {
            File.Delete(folder.SocketPathFile);
            return usual;
        }

        if (folder.InContainer)
        {
            // No other folder is seen from outside.
            return ThroughDescriptor(folder);
        }

        if (Recorded(folder) is { } before && Directory.Exists(Path.GetDirectoryName(before)))
        {
            return before;
        }

        var shorter = Path.Combine(Directory.CreateTempSubdirectory("orc-").FullName, "s");
        if (Encoding.UTF8.GetByteCount(shorter) > Longest)
        {
            shorter = Path.Combine("/tmp", "orc-" + Guid.NewGuid().ToString("N")[..12], "s");
            Directory.CreateDirectory(Path.GetDirectoryName(shorter)!, OwnerOnly);
        }

        AtomicFile.Write(folder.SocketPathFile, Encoding.UTF8.GetBytes(shorter));
        return shorter;
    }

    public static UnixDomainSocketEndPoint ForConnecting(AgentFolder folder)
    {
        var usual = Path.Combine(folder.Own, "attach.sock");
        return new(Recorded(folder) ?? (Encoding.UTF8.GetByteCount(usual) <= Longest ? usual : ThroughDescriptor(folder)));
    }

    /// <summary>The same place by a short name, as long as this process lives.</summary>
    /// <exception cref="IOException">The folder cannot be opened.</exception>
    private static string ThroughDescriptor(AgentFolder folder)
    {
        var descriptor = Libc.open(folder.Own, Libc.OpenRead | Libc.CloseOnExec);
        return descriptor >= 0
            ? string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}/attach.sock")
            : throw new IOException($"cannot open {folder.Own}: error {Marshal.GetLastPInvokeError()}");
    }

    private static string? Recorded(AgentFolder folder) =>
        AtomicFile.Read(folder.SocketPathFile) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
}
