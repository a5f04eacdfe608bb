using System.Globalization;
using Orchestrator.Agent.Native;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checking;

/// <summary>Pre-flight: does this host have what the job needs?</summary>
internal sealed class HostChecker(AgentFolder folder)
{
    private const double Giga = 1e9;
    private const int CommandPatience = 20_000;

    public HostChecked Check(CheckHost order)
    {
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
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

    private unsafe int CountGpus()
    {
        if (Training.CommandSearch.Find("nvidia-smi", Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return 0;
        }

        var output = Path.Combine(folder.Own, "nvidia-smi.out");
        File.Delete(output);
        var (pid, error) = Spawner.Start(new SpawnRequest
        {
            File = program,
            Arguments = ["nvidia-smi", "-L"],
            Environment = Spawner.OwnEnvironment(),
            Output = output,
            OwnGroup = true,
        });
        if (error != 0)
        {
            return 0;
        }

        // A broken driver makes nvidia-smi hang for ever.
        int status;
        var deadline = Environment.TickCount64 + CommandPatience;
        while (Libc.waitpid(pid, &status, Libc.NoHang) == 0)
        {
            if (Environment.TickCount64 > deadline)
            {
                _ = Libc.kill(pid, Libc.SigKill);
            }

            Thread.Sleep(20);
        }

        return File.Exists(output) ? File.ReadLines(output).Count(line => line.StartsWith("GPU ", StringComparison.Ordinal)) : 0;
    }
}
