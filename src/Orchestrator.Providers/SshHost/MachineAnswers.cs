using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.SshHost;

/// <summary>Reads what the scripts print. A machine is not trusted: everything is bounded, and an answer without its end is none.</summary>
internal static partial class MachineAnswers
{
    private const int MaxInstances = 4096;
    private const int MaxImages = 16;
    private const int MaxWords = 200;
    private const int MaxPath = 4096;

    /// <exception cref="ProviderException">Not a whole answer.</exception>
    public static MachineBook Book(string machine, ShellResult result)
    {
        var instances = ImmutableArray.CreateBuilder<ListedInstance>();
        var slots = ImmutableHashSet.CreateBuilder<int>();
        var agents = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        string? folder = null;
        foreach (var fields in Lines(machine, result, "what runs there"))
        {
            if (fields is ["instance", var id, var label, var state, var words] && InstanceName().IsMatch(id) && LabelName().IsMatch(label) && instances.Count < MaxInstances)
            {
                instances.Add(new ListedInstance { InstanceId = InstanceId.Of(machine, id), Host = SshHostProvider.HostOf(machine), Label = label, Status = Status(state), Words = Clean(words) });
            }
            else if (fields is ["slot", var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var slot))
            {
                slots.Add(slot);
            }
            else if (fields is ["agent", var begun, var hash] && InstanceName().IsMatch(begun) && AgentHash().IsMatch(hash) && agents.Count < MaxInstances)
            {
                agents[begun] = hash;
            }
            else if (fields is ["id", var known] && FolderName().IsMatch(known))
            {
                folder = known;
            }
        }

        return new(instances.ToImmutable(), slots.ToImmutable(), folder, agents.ToImmutable());
    }

    /// <exception cref="ProviderException">Not a whole answer, or the machine cannot be used as it is.</exception>
    public static MachineInventory Inventory(string machine, ShellResult result, DateTimeOffset now)
    {
        var inventory = new MachineInventory { Root = "", Cpus = 0, MemoryBytes = 0 };
        foreach (var fields in Lines(machine, result, "what it has"))
        {
            if (fields is not [var name, var value] || value.Length == 0)
            {
                continue;
            }

            var number = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
            inventory = name switch
            {
                // It becomes part of every command there.
                "root" when value.Length > MaxPath || value.Any(char.IsControl) =>
                    throw new ProviderException(ProviderErrorKind.Rejected, $"machine {machine}: its folder is \"{Clean(value)}\" with control characters, or too long; name another one (root)"),
                "root" => inventory with { Root = value },
                "system" => inventory with { System = Clean(value) },
                "glibc" => inventory with { Glibc = Clean(value) },
                "cpus" => inventory with { Cpus = (int)Math.Clamp(number, 0, 65536) },
                "memory" => inventory with { MemoryBytes = Math.Clamp(number, 0, 1L << 40) * 1024 },
                "disk" => inventory with { DiskFreeBytes = Math.Clamp(number, 0, 1L << 46) * 1024 },
                "docker-disk" => inventory with { DockerFreeBytes = Math.Clamp(number, 0, 1L << 46) * 1024 },
                "clock" when number is > 0 and < 253_402_300_799 => inventory with { ClockAhead = DateTimeOffset.FromUnixTimeSeconds(number) - now },
                "gpu" when inventory.Gpus.Length < 64 => inventory with { Gpus = inventory.Gpus.Add(Clean(value)) },
                "driver" => inventory with { Driver = Clean(value) },
                "cuda" => inventory with { Cuda = SpecValues.TryCuda(value, out var cuda) ? cuda : null },
                "docker" => inventory with { Docker = Clean(value) },
                "docker-trouble" => inventory with { DockerTrouble = Clean(value) },
                "nvidia-runtime" => inventory with { NvidiaRuntime = true },
                "trouble" or "refused" => inventory with { Trouble = $"machine {machine}: {Clean(value)}" },
                _ => inventory,
            };
        }

        return inventory.Root.StartsWith('/') && (inventory.Cpus > 0 || inventory.Trouble is not null)
            ? inventory
            : inventory.Trouble is { } trouble
            ? throw new ProviderException(ProviderErrorKind.Rejected, trouble)
            : throw new ProviderException(ProviderErrorKind.Rejected, $"machine {machine} does not say how many CPUs it has; it must run Linux (it says \"{inventory.System}\")");
    }

    /// <summary>What became of the images that were to go, one line each.</summary>
    /// <exception cref="ProviderException">Not a whole answer.</exception>
    public static ImmutableArray<string> Images(string machine, ShellResult result) =>
    [
        .. Lines(machine, result, "which images it removed").Take(MaxImages).Select(fields => fields switch
        {
            ["removed", var image] => $"removed {Clean(image)}, which we pulled and no job has wanted lately",
            ["kept", var image, var words] => $"cannot remove {Clean(image)}: {Clean(words)}",
            _ => "",
        }).Where(line => line.Length > 0),
    ];

    /// <summary>The answer of a script that says one thing at its end; what it complained of where it failed.</summary>
    public static string LastLine(ShellResult result)
    {
        var last = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return result.ExitCode == 0 && last is not null ? last : result.Problems;
    }

    public static string Clean(string words)
    {
        var text = new StringBuilder();
        foreach (var rune in words.EnumerateRunes())
        {
            if (text.Length >= MaxWords)
            {
                break;
            }

            text.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        }

        return text.ToString().Trim();
    }

    private static List<string[]> Lines(string machine, ShellResult result, string what)
    {
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split('\t')).ToList();
        return result.ExitCode == 0 && lines.Count > 0 && lines[^1] is ["end", "1"]
            ? lines
            : throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine} did not say {what}: {Clean(result.Problems.Length > 0 ? result.Problems : $"its answer ends after {result.Output.Length} characters")}");
    }

    private static InstanceStatus Status(string state) => state switch
    {
        "booting" => InstanceStatus.Booting,
        "running" => InstanceStatus.Running,
        "stopped" => InstanceStatus.Stopped,
        "terminating" => InstanceStatus.Terminating,
        _ => InstanceStatus.Unknown,
    };

    [GeneratedRegex("^i-[0-9a-f]{12}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex InstanceName();

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AgentHash();

    [GeneratedRegex("^[0-9a-f-]{36}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex FolderName();

    [GeneratedRegex("^[a-z0-9-]{1,100}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();
}
