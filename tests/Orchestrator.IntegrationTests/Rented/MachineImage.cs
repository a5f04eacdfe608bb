using System.Diagnostics;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>A small Debian with this machine's sshd and docker command, and what stands in for a driver, as a machine to rent: nothing is fetched from anywhere.</summary>
internal static class MachineImage
{
    public const string Name = "orchestrator-test/rented-machine:1";

    private const string Make =
        StubDriver.Make +
        """

        root=$2
        mkdir -p "$2" && cp -a "$1/." "$2"
        bring /usr/sbin/sshd "$(command -v docker)"
        driver "$5"
        # What the first boot has Docker told by, which is not on this machine.
        for program in nvidia-ctk systemctl; do echo '#!/bin/sh' >"$2/usr/bin/$program" && chmod 755 "$2/usr/bin/$program"; done
        chroot "$2" /bin/busybox --install -s /bin 2>/dev/null || true
        mkdir -p "$2/root" "$2/run" && mkdir "$2/home" && install -d -o 1000 -g 1000 "$2/home/ubuntu"
        printf 'root:x:0:0::/root:/bin/sh\nubuntu:x:1000:1000::/home/ubuntu:/bin/sh\nsshd:x:7423:7423::/run/sshd:/usr/sbin/nologin\n' >"$2/etc/passwd"
        printf 'root:x:0:\nubuntu:x:1000:\n' >"$2/etc/group"
        printf '#!/bin/sh\nsed -i "s/^$2:.*/&$3/" /etc/group\n' >"$2/usr/sbin/usermod"
        printf '#!/bin/sh\nsed "s/^/status: /" /run/first-boot\n' >"$2/usr/bin/cloud-init"
        printf '#!/bin/sh\nwhile [ $# -gt 1 ]; do case $1 in -o) owner=$2 ;; -m) mode=$2 ;; esac; shift; done\nmkdir -p "$1" && chown "$owner" "$1" && chmod "$mode" "$1"\n' >"$2/usr/bin/install"
        chmod 755 "$2/usr/sbin/usermod" "$2/usr/bin/cloud-init" "$2/usr/bin/install"
        tar -C "$2" -c . | docker --host "$3" import - "$4"
        """;

    /// <param name="docker">Has it afterwards.</param>
    /// <param name="folder">Takes the files.</param>
    public static async Task ImportAsync(TestDocker docker, string folder)
    {
        using var make = Process.Start(new ProcessStartInfo("sh", ["-ec", Make, "sh", TestDocker.Root!, folder, docker.Host, Name, StubDriver.Sources]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = make.StandardOutput.ReadToEndAsync();
        var errors = await make.StandardError.ReadToEndAsync();
        await make.WaitForExitAsync();
        Assert.True(make.ExitCode == 0, errors + await output);
    }
}
