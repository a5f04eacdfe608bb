using System.Globalization;
using Orchestrator.Agent.Native;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checking;

/// <summary>Pre-flight: does this host have what the job needs?</summary>
internal sealed class HostChecker(AgentFolder folder)
{
    private const double Giga = 1e9;
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(20);

    public HostChecked Check(CheckHost order)
    {
        var free = new DriveInfo(folder.Files).AvailableFreeSpace;
        var gpus = order.Gpus > 0 ? CountGpus() : 0;
        var refusal = free < order.DiskBytes
            ? string.Create(CultureInfo.InvariantCulture, $"only {free / Giga:0.0} GB of disk are free, {order.DiskBytes / Giga:0.0} GB are needed")
            : gpus < order.Gpus
                ? string.Create(CultureInfo.InvariantCulture, $"{gpus} GPUs answer (nvidia-smi -L), {order.Gpus} are needed")
                : null;
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} CPUs, {MemoryBytes() / Giga:0.0} GB memory, {free / Giga:0.0} GB disk free{(order.Gpus > 0 ? $", {gpus} GPUs" : "")}");
        return new HostChecked(refusal, facts) { Seq = 0, At = default };
    }

    private static double MemoryBytes()
    {
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(one => one.StartsWith("MemTotal:", StringComparison.Ordinal)) ?? "";
        return double.TryParse(line.Replace("MemTotal:", "", StringComparison.Ordinal).Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : 0;
    }

    private int CountGpus()
    {
        var output = Path.Combine(folder.Own, "nvidia-smi.out");
        File.Delete(output);
        // A broken driver makes nvidia-smi hang for ever.
        return Tool.Run("nvidia-smi", ["-L"], output, CommandPatience) is not null && File.Exists(output)
            ? File.ReadLines(output).Count(line => line.StartsWith("GPU ", StringComparison.Ordinal))
            : 0;
    }
}
