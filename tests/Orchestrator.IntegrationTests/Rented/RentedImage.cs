using System.Diagnostics;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>A small Debian with this machine's sshd and curl (where it has one), made for CUDA 12, and a driver's program that answers for a card: nothing is fetched from anywhere.</summary>
internal static class RentedImage
{
    private const string Make =
        """
        mkdir -p "$2" && cp -a "$1/." "$2"
        for program in /usr/sbin/sshd $(command -v curl); do
            for file in $program $(ldd $program | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'); do
                mkdir -p "$2$(dirname "$file")" && cp -L "$file" "$2$file"
            done
        done
        mkdir -p "$2/root" && echo root:x:0:0::/root:/bin/sh >"$2/etc/passwd"
        cp "$3" "$2/usr/bin/nvidia-smi"
        chmod 755 "$2/usr/bin/nvidia-smi"
        """;

    /// <summary>What asks the store of a job is in it.</summary>
    public static bool HasCurl { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "curl")));

    public static string NameIn(TestDocker docker) => docker.Registry + "/test/rented:1";

    /// <param name="docker">With its registry.</param>
    /// <param name="folder">Takes the files.</param>
    public static async Task PushAsync(TestDocker docker, string folder)
    {
        using var make = Process.Start(new ProcessStartInfo("sh", ["-ec", Make, "sh", TestDocker.Root!, folder, Path.Combine(AgentBinary.RepositoryRoot(), "scripts", "lib", "servers", "nvidia-smi")]) { RedirectStandardError = true })!;
        var errors = await make.StandardError.ReadToEndAsync();
        await make.WaitForExitAsync();
        Assert.True(make.ExitCode == 0, errors);
        await docker.PushAsync(NameIn(docker), folder, "ENV FROM_IMAGE=yes CUDA_VERSION=12.6.3");
    }
}
