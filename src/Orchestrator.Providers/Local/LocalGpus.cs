using System.Diagnostics;
using Orchestrator.Offers;

namespace Orchestrator.Providers.Local;

/// <summary>The machine's NVIDIA cards, as <c>nvidia-smi</c> lists them; none where there is no such program.</summary>
internal static class LocalGpus
{
    public static IReadOnlyList<LocalGpu> Find()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
            {
                return [];
            }

            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode != 0
                ? []
                : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Describe)];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static LocalGpu Describe(string reported) =>
        GpuTable.Find(reported) is { } card ? new LocalGpu(card.Name, card.MemoryGb) : new LocalGpu(reported, null);
}
