using System.Diagnostics;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>The pre-flight's calls of CUDA, by a real Python, into a library that is no driver and fails where it is told to.</summary>
public sealed class CudaProbeTests : IDisposable
{
    private const string Library =
        """
        #include <stddef.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        static int answer(const char *call) { const char *fails = getenv("CUDA_FAILS"); return fails && !strcmp(fails, call) ? 802 : 0; }
        int cuInit(unsigned flags) { return flags ? 1 : answer("cuInit"); }
        int cuDeviceGetCount(int *count) { *count = 2; return answer("cuDeviceGetCount"); }
        int cuDeviceGet(int *device, int number) { *device = number; return 0; }
        int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)0x7f00000000000010; return answer("cuDevicePrimaryCtxRetain"); }
        int cuCtxSetCurrent(void *context) { return context == (void *)0x7f00000000000010 ? 0 : 1; }
        int cuMemAlloc_v2(uint64_t *memory, size_t bytes) { *memory = 0x7f0123456789abcd; return bytes < (1u << 20) ? 1 : answer("cuMemAlloc_v2"); }
        int cuMemFree_v2(uint64_t memory) { return memory == 0x7f0123456789abcd ? 0 : 1; }
        int cuDevicePrimaryCtxRelease_v2(int device) { return device < 2 ? 0 : 1; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-cuda-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [FactWithCompiler]
    public void Cards_that_are_listed_and_do_not_work_are_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "cuda.c"), Library);
        Run("cc", ["-shared", "-fPIC", "-o", Path.Combine(_folder, "libcuda.so.1"), Path.Combine(_folder, "cuda.c")], "", null);
        var smi = Path.Combine(_folder, "nvidia-smi");
        File.WriteAllText(smi, "#!/bin/sh\necho 24564, 560.35.03\necho 24564, 560.35.03\n");
        File.SetUnixFileMode(smi, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.StartsWith("fit 2 GPUs, driver 560.35.03, CUDA memory can be had, ", Probe(null), StringComparison.Ordinal);
        foreach (var call in (string[])["cuInit", "cuDeviceGetCount", "cuDevicePrimaryCtxRetain", "cuMemAlloc_v2"])
        {
            Assert.Equal($"refused the GPUs are listed and do not work: {call} answers CUDA error 802", Probe(call));
        }
    }

    /// <summary>What the images of the emulated clouds have instead of a driver, with its files in a folder of this test.</summary>
    [FactWithCompiler]
    public void The_drivers_of_our_images_fail_by_their_files_each_in_its_own_way()
    {
        foreach (var name in (string[])["libcuda.c", "nvidia-smi"])
        {
            File.WriteAllText(Path.Combine(_folder, name), File.ReadAllText(Path.Combine(AgentBinary.RepositoryRoot(), "scripts", "lib", "servers", name)).Replace("/etc/", _folder + "/", StringComparison.Ordinal));
        }

        Run("cc", ["-shared", "-fPIC", "-o", Path.Combine(_folder, "libcuda.so.1"), Path.Combine(_folder, "libcuda.c")], "", null);
        File.SetUnixFileMode(Path.Combine(_folder, "nvidia-smi"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.StartsWith("fit 1 GPUs, driver 580.95.05, CUDA memory can be had, ", Probe(null, gpus: 1), StringComparison.Ordinal);
        var cuda = Path.Combine(_folder, "cuda-fails");
        File.WriteAllText(cuda, "");
        // nvidia-smi finds nothing wrong.
        Assert.Equal("refused the GPUs are listed and do not work: cuInit answers CUDA error 802", Probe(null, gpus: 1));
        File.Delete(cuda);
        File.WriteAllText(Path.Combine(_folder, "card-fails"), "");
        Assert.StartsWith("refused nvidia-smi fails: Unable to determine the device handle", Probe(null, gpus: 1), StringComparison.Ordinal);
    }

    private string Probe(string? fails, int gpus = 2) => Run("sh", ["-s", "--", _folder, $"{gpus}", "20400", "0"], HostProbe.Script, fails);

    private string Run(string program, string[] arguments, string input, string? fails)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["LD_LIBRARY_PATH"] = _folder;
        start.Environment["CUDA_FAILS"] = fails ?? "none";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program}: {output}");
    }
}
