using System.Text.Json;
using Docker.DotNet;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>What Docker's words mean: whose fault it is, and what a person can do. Daemons tell most failures by their words only.</summary>
internal static class DockerFailures
{
    private const int Longest = 300;

    /// <summary>The command on the machine did not reach the daemon; null = that is not what it says.</summary>
    public static HostRefusedException? OfDialling(MachineAddress machine, string words)
    {
        if (Says(words, "docker: not found", "docker: command not found", "there is no docker command", "sudo: docker"))
        {
            return OfMachine($"there is no Docker on {machine.Name}; install it there, or leave out \"image\" to run bare");
        }

        if (Says(words, "permission denied"))
        {
            return OfMachine($"{machine.User} may not use Docker on {machine.Name}; add the user to the group docker there (sudo usermod -aG docker {machine.User}), or allow sudo without a password");
        }

        return Says(words, "cannot connect to the docker daemon", "is the docker daemon running", "no such file or directory", "connection refused")
            ? OfMachine($"the Docker daemon on {machine.Name} does not run; start it there (sudo systemctl start docker): {Short(words)}")
            : null;
    }

    /// <summary>The words of a pull that failed, at once or in the middle of its stream.</summary>
    public static HostRefusedException OfPull(MachineAddress machine, string image, string words)
    {
        if (Says(words, "no matching manifest", "does not match the specified platform", "does not provide any platform"))
        {
            return OfImage($"the image {image} has no variant for linux/amd64; build one: {Short(words)}");
        }

        if (Says(words, "toomanyrequests", "rate limit"))
        {
            return OfMachine($"the registry of {image} limits how often {machine.Name} may pull: {Short(words)}; log in with registry-auth, or wait");
        }

        if (IsDenial(words))
        {
            return new(HostFault.Denied, $"the registry does not let {machine.Name} pull {image}: {Short(words)}; give a login that may (registry-auth), or look whether a mirror or a proxy stands between them");
        }

        if (Says(words, "manifest unknown", "not found: manifest", "name unknown", "repository does not exist", "no such image", "invalid reference format")
            || (Says(words, "not found") && Says(words, "manifest", "failed to resolve reference")))
        {
            return OfImage($"there is no image {image}, or it is private: {Short(words)}; push it, or give a login that may pull it (registry-auth)");
        }

        if (OfDisk(machine, words) is { } full)
        {
            return full;
        }

        return Says(words, "no such host", "dial tcp", "i/o timeout", "tls handshake", "connection refused", "x509", "http response to https", "unexpected eof", "connection reset", "deadline exceeded", "client.timeout")
            ? OfMachine($"{machine.Name} cannot reach the registry of {image}: {Short(words)}")
            : OfMachine($"{machine.Name} cannot pull {image}: {Short(words)}");
    }

    /// <summary>A container was refused, or did not start.</summary>
    public static HostRefusedException OfStart(MachineAddress machine, string image, string words)
    {
        if (Says(words, "unsatisfied condition"))
        {
            return OfMachine($"the NVIDIA driver on {machine.Name} is too old for {image}: {Short(words)}; ask for a newer one with resources.cuda");
        }

        if (Says(words, "could not select device driver", "nvidia-container", "unknown runtime specified nvidia", "unknown or invalid runtime name: nvidia", "libnvidia-ml", "unresolvable cdi devices"))
        {
            return OfMachine($"Docker on {machine.Name} cannot give GPUs to containers: {Short(words)}; install the NVIDIA container toolkit there (nvidia-ctk runtime configure), and restart Docker");
        }

        if (Says(words, "exec format error"))
        {
            return OfImage($"the image {image} is for another processor; build it for linux/amd64");
        }

        if (Says(words, "exec: \"/bin/sh\""))
        {
            return OfImage($"the image {image} has no /bin/sh, which starting the agent needs; build on one that has");
        }

        return OfDisk(machine, words) ?? OfMachine($"Docker on {machine.Name} does not start the container: {Short(words)}");
    }

    /// <summary>The container ended before its agent came up.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="image">Of what.</param>
    /// <param name="exitCode">10 to 15 are the preflight's.</param>
    /// <param name="log">What it printed.</param>
    public static HostRefusedException OfEnd(MachineAddress machine, string image, long exitCode, string log)
    {
        var last = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it printed nothing";
        return exitCode switch
        {
            10 or 11 or 12 => OfImage($"the agent cannot run in {image}: {Short(last)}"),
            13 or 14 or 15 => OfMachine($"{machine.Name}: {Short(last)}"),
            126 or 127 => OfImage($"the agent does not start in {image}: {Short(last)}"),
            _ => OfMachine(FormattableString.Invariant($"the container ended with exit code {exitCode} on {machine.Name} before its agent came up: {Short(last)}")),
        };
    }

    /// <summary>The daemon may not raise limits that far: it is itself a container, or rootless.</summary>
    public static bool IsAboutLimits(string words) => Says(words, "rlimit");

    /// <summary>The daemon's own words.</summary>
    public static string Words(DockerApiException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        try
        {
            using var body = JsonDocument.Parse(failure.ResponseBody ?? "");
            if (body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
            {
                return message.GetString()!;
            }
        }
        catch (JsonException)
        {
            // Not every answer is the daemon's own.
        }

        return failure.ResponseBody is { Length: > 0 } text ? text : $"HTTP status {(int)failure.StatusCode}";
    }

    /// <summary>The registry's word, which may be no more than "denied"; a file that the daemon may not open is another matter.</summary>
    private static bool IsDenial(string words) =>
        Says(words, "unauthorized", "authentication required", "no basic auth", "incorrect username or password", "access forbidden", "403 forbidden", "access denied", "resource is denied")
        || (!Says(words, "permission denied") && (Says(words, "denied:") || words.Split(' ')[^1].Trim().Equals("denied", StringComparison.OrdinalIgnoreCase)));

    private static HostRefusedException? OfDisk(MachineAddress machine, string words) =>
        Says(words, "no space left on device", "disk quota exceeded") ? OfMachine($"the disk where Docker keeps images on {machine.Name} is full; free some there (docker system prune): {Short(words)}") : null;

    private static HostRefusedException OfImage(string words) => new(HostFault.Image, words);

    private static HostRefusedException OfMachine(string words) => new(HostFault.Machine, words);

    private static bool Says(string words, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (words.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One line of them: they come from a machine.</summary>
    private static string Short(string words)
    {
        var line = string.Concat(words.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }
}
