using System.Diagnostics;
using Orchestrator.Attempts;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Tests.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Hosts;

/// <summary>The script itself, run by this machine's shell with tools that tell of rented hosts.</summary>
public sealed class HostProbeTests : IDisposable
{
    private const string Cards = "case \"$*\" in *query-gpu*) for i in 1 2; do echo '24564, 560.35.03'; done ;; *) echo '| CUDA Version: 12.6 |' ;; esac";

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-probe-").FullName;

    private const string Disk = "printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\\noverlay 20971520 1 20971519 1%% /\\n'";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_offered_is_fit_and_nothing_is_left_behind()
    {
        Tool("nvidia-smi", Cards);
        Tool("python3", "echo CUDA memory can be had");
        Tool("df", Disk);

        var output = Ask(2, 20_400, disk: 20_480);

        Assert.StartsWith("fit 2 GPUs, driver 560.35.03, CUDA memory can be had, disk of 20480 MiB, disk takes 32 MiB in ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("echo '24564, 560.35.03'", "", 2, 20_400, "refused 1 GPUs answer, 2 were offered")]
    [InlineData("echo '12282, 560.35.03'", "", 1, 20_400, "refused a GPU has 12282 MiB of memory, the offer's have 20400 at least")]
    [InlineData("echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18", "", 1, 0, "refused nvidia-smi fails: Failed to initialize NVML")]
    [InlineData(Cards, "echo cuInit answers CUDA error 802; exit 3", 1, 0, "refused the GPUs are listed and do not work: cuInit answers CUDA error 802")]
    [InlineData(Cards, "echo no module; exit 1", 1, 0, "fit 2 GPUs, driver 560.35.03, CUDA could not be tried (no module)")]
    public void What_is_not_as_offered_is_refused(string smi, string python, int gpus, int memory, string words)
    {
        Tool("nvidia-smi", smi);
        Tool("python3", python);

        Assert.StartsWith(words, Ask(gpus, memory), StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_hangs_is_given_up()
    {
        Tool("nvidia-smi", "exec /bin/sleep 600");
        Tool("sleep", "exit 0");

        Assert.Equal("refused nvidia-smi does not answer within 30 s: the driver hangs", Ask(1, 0).Trim());
    }

    [Fact]
    public void A_disk_that_takes_nothing_is_refused_without_cards_too()
    {
        Tool("dd", "echo dd: No space left on device; exit 1");

        Assert.Equal($"refused 32 MiB cannot be written to {_folder}: dd: No space left on device", Ask(0, 0).Trim());
    }

    [Fact]
    public void A_disk_that_is_smaller_than_ordered_is_refused()
    {
        Tool("df", Disk);

        Assert.Equal("refused the disk has 20480 MiB, 20481 were ordered at least", Ask(0, 0, disk: 20_481).Trim());
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("echo unexpected; echo overlay")]
    public void A_disk_whose_size_is_not_said_is_no_reason(string df)
    {
        Tool("df", df);

        Assert.StartsWith("fit disk takes 32 MiB in ", Ask(0, 0, disk: 20_481), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RTX 4090", "20400")]
    [InlineData("something new", "0")]
    [InlineData(null, "0")]
    public void The_memory_of_a_known_card_is_held_against_it(string? gpu, string memory) =>
        Assert.Equal(["/f", "2", memory, "18432"], HostProbe.Arguments("/f", OfferTaken.Of(Scene.Offer("o", null, 1m) with { Gpu = gpu, GpuCount = 2 }, null) with { DiskBytes = 20L << 30 }));

    private string Ask(int gpus, int memory, int disk = 0)
    {
        var start = new ProcessStartInfo("sh", ["-s", "--", _folder, $"{gpus}", $"{memory}", $"{disk}"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(_folder, "tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(HostProbe.Script);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private void Tool(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
