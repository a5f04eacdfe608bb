using System.Net.Sockets;
using System.Text;

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

    public static UnixDomainSocketEndPoint ForConnecting(AgentFolder folder) =>
        new(Recorded(folder) ?? Path.Combine(folder.Own, "attach.sock"));

    private static string? Recorded(AgentFolder folder) =>
        AtomicFile.Read(folder.SocketPathFile) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
}
