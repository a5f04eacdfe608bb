using System.Collections.Concurrent;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The host keys that machines showed when they were first seen, in a file of the data folder: one line
/// <c>NAME ADDRESS:PORT TYPE SHA256:...</c> each. A person accepts a new key by deleting the old line.
/// </summary>
public sealed class KnownMachines(string path)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<MachineAddress, string> _shown = new();

    public string Path => path;

    /// <summary>Fingerprints of a machine by key type.</summary>
    public IReadOnlyDictionary<string, string> Of(MachineAddress machine)
    {
        lock (_gate)
        {
            return Read().Where(line => line[0] == machine.Name && line[1] == Place(machine)).GroupBy(line => line[2], StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Last()[3], StringComparer.Ordinal);
        }
    }

    /// <summary>The key itself that the machine showed last and that was found right, as known_hosts writes it (<c>TYPE BASE64</c>); null = not since we run.</summary>
    public string? KeyOf(MachineAddress machine) => _shown.GetValueOrDefault(machine);

    public void Showed(MachineAddress machine, string type, byte[] key) => _shown[machine] = $"{type} {Convert.ToBase64String(key)}";

    public void Remember(MachineAddress machine, string keyType, string fingerprint)
    {
        lock (_gate)
        {
            File.AppendAllText(path, string.Join(' ', machine.Name, Place(machine), keyType, fingerprint) + "\n");
        }
    }

    private static string Place(MachineAddress machine) => FormattableString.Invariant($"{machine.Host}:{machine.Port}");

    private List<string[]> Read() => File.Exists(path) ? [.. File.ReadAllLines(path).Select(line => line.Split(' ')).Where(line => line.Length == 4)] : [];
}
