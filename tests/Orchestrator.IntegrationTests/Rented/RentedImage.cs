using System.Diagnostics;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>A small Debian with this machine's sshd and a driver's program that answers for a card: nothing is fetched from anywhere.</summary>
internal static class RentedImage
{
    private const string Make =
        """
        mkdir -p "$2" && cp -a "$1/." "$2"
        for file in /usr/sbin/sshd $(ldd /usr/sbin/sshd | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'); do
            mkdir -p "$2$(dirname "$file")" && cp -L "$file" "$2$file"
        done
        mkdir -p "$2/root" && echo root:x:0:0::/root:/bin/sh >"$2/etc/passwd"
        cat >"$2/usr/bin/nvidia-smi" <<'END'
        #!/bin/sh
        case "$*" in
            -L) echo "GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-1)" ;;
            *query-gpu*) echo "24564, 560.35.03" ;;
            *) echo "| NVIDIA-SMI 560.35.03   Driver Version: 560.35.03   CUDA Version: 12.6 |" ;;
        esac
        END
        chmod 755 "$2/usr/bin/nvidia-smi"
        """;

    public static string NameIn(TestDocker docker) => docker.Registry + "/test/rented:1";

    /// <param name="docker">With its registry.</param>
    /// <param name="folder">Takes the files.</param>
    public static async Task PushAsync(TestDocker docker, string folder)
    {
        using var make = Process.Start(new ProcessStartInfo("sh", ["-ec", Make, "sh", TestDocker.Root!, folder]) { RedirectStandardError = true })!;
        var errors = await make.StandardError.ReadToEndAsync();
        await make.WaitForExitAsync();
        Assert.True(make.ExitCode == 0, errors);
        await docker.PushAsync(NameIn(docker), folder, "ENV FROM_IMAGE=yes");
    }
}
