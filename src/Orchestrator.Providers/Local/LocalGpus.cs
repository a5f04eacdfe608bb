using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Orchestrator.Offers;

namespace Orchestrator.Providers.Local;

/// <summary>The machine's NVIDIA cards, as <c>nvidia-smi</c> lists them.</summary>
/// <param name="Cards">Empty where there is no such program, or it fails.</param>
/// <param name="Trouble">Why there are none although the program is there, in words.</param>
public sealed record LocalGpus(IReadOnlyList<LocalGpu> Cards, string? Trouble)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public static LocalGpus Find() => Find("nvidia-smi", _patience);

    /// <param name="program">Its name or path.</param>
    /// <param name="patience">How long it may take: whoever asks a broken driver hangs for ever.</param>
    internal static LocalGpus Find(string program, TimeSpan patience)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--query-gpu=name", "--format=csv,noheader"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, problems) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!Task.WaitAll([output, problems], patience) || !process.WaitForExit(patience))
            {
                process.Kill();
                return new([], string.Create(CultureInfo.InvariantCulture, $"{program} does not answer within {patience.TotalSeconds:0} s: the driver hangs"));
            }

            return process.ExitCode == 0
                ? new([.. Lines(output.Result).Select(Describe)], null)
                : new([], $"{program} fails: {Lines(output.Result + "\n" + problems.Result).FirstOrDefault($"exit code {process.ExitCode}")}");
        }
        catch (Win32Exception)
        {
            return new([], null);
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static LocalGpu Describe(string reported) =>
        GpuTable.Find(reported) is { } card ? new LocalGpu(card.Name, card.MemoryGb) : new LocalGpu(reported, null);
}
