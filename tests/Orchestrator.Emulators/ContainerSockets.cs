using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators;

/// <summary>
/// Whose a connection on this machine is, by what the kernel tells: containers with the machine's network have no interface of their own
/// that counts for them. It takes root's rights, as containers run as root.
/// </summary>
public static partial class ContainerSockets
{
    /// <param name="client">The end that connected, as who accepted it sees it.</param>
    /// <param name="here">The end that accepted it.</param>
    /// <param name="known">What there is for a container of ours; null = it is none.</param>
    /// <returns>Of the container in which the connecting process runs; null = it runs in none of ours, or is gone.</returns>
    public static T? OwnerOf<T>(IPEndPoint client, IPEndPoint here, Func<string, T?> known)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(known);
        if (((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists).Select(table => InodeOf(File.ReadLines(table), client, here)).FirstOrDefault(inode => inode is not null) is not { } inode)
        {
            return null;
        }

        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path["/proc/".Length])))
        {
            try
            {
                // Files are looked through of our containers only: there are few of those.
                if (ContainerOf(File.ReadAllText(process + "/cgroup")) is { } container && known(container) is { } owner
                    && new DirectoryInfo(process + "/fd").EnumerateFiles().Any(file => file.LinkTarget == $"socket:[{inode}]"))
                {
                    return owner;
                }
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return null;
    }

    /// <param name="table">Lines of /proc/net/tcp or tcp6.</param>
    /// <param name="local">An end of the socket.</param>
    /// <param name="remote">What that is connected to.</param>
    /// <returns>Null: it is not in this table.</returns>
    public static string? InodeOf(IEnumerable<string> table, IPEndPoint local, IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (from, to) = (Hexadecimal(local), Hexadecimal(remote));
        // A socket that knows both kinds of addresses has the old ones as new ones.
        const string Mapped = "0000000000000000FFFF0000";
        return table.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields.Length > 9 && (fields[1] == from || fields[1] == Mapped + from) && (fields[2] == to || fields[2] == Mapped + to))?[9];
    }

    /// <param name="cgroups">The text of /proc/PID/cgroup, of either version.</param>
    /// <returns>The whole id; null = it runs in no container of Docker.</returns>
    public static string? ContainerOf(string cgroups) => Container().Match(cgroups) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Four bytes of an address, the last one first, and the port.</summary>
    private static string Hexadecimal(IPEndPoint end)
    {
        ArgumentNullException.ThrowIfNull(end);
        var bytes = end.Address.MapToIPv4().GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"{bytes[3]:X2}{bytes[2]:X2}{bytes[1]:X2}{bytes[0]:X2}:{end.Port:X4}");
    }

    /// <summary>/docker/ID, or /system.slice/docker-ID.scope; of a container in a container the inner one.</summary>
    [GeneratedRegex("^.*/docker[/-]([0-9a-f]{64})(?![0-9a-f])", RegexOptions.Multiline)]
    private static partial Regex Container();
}
