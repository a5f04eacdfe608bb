using System.Diagnostics;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>A small Debian with this machine's sshd and curl (where it has one), made for CUDA 12, and what stands in for a driver: nothing is fetched from anywhere.</summary>
internal static class RentedImage
{
    private const string Make =
        StubDriver.Make +
        """

        root=$2
        mkdir -p "$root" && cp -a "$1/." "$root"
        bring /usr/sbin/sshd $(command -v curl)
        driver "$3"
        mkdir -p "$root/root" && echo root:x:0:0::/root:/bin/sh >"$root/etc/passwd"
        """;

    /// <summary>What asks the store of a job is in it.</summary>
    public static bool HasCurl { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "curl")));

    public static string NameIn(TestDocker docker) => docker.Registry + "/test/rented:1";

    /// <param name="docker">With its registry.</param>
    /// <param name="folder">Takes the files.</param>
    public static async Task PushAsync(TestDocker docker, string folder)
    {
        using var make = Process.Start(new ProcessStartInfo("sh", ["-ec", Make, "sh", TestDocker.Root!, folder, StubDriver.Sources]) { RedirectStandardError = true })!;
        var errors = await make.StandardError.ReadToEndAsync();
        await make.WaitForExitAsync();
        Assert.True(make.ExitCode == 0, errors);
        await docker.PushAsync(NameIn(docker), folder, "ENV FROM_IMAGE=yes CUDA_VERSION=12.6.3");
    }
}
