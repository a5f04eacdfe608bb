using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads one machine that is reached over SSH.</summary>
internal static partial class MachineReader
{
    private static readonly string[] Way = ["address", "port", "user", "key", "host-key", "jump"];

    /// <summary>Null when it has errors; they are noted.</summary>
    internal static SshMachine? Read(string name, ConfigurationNode node, TimeZoneInfo zone)
    {
        var address = new MachineAddress { Name = name, Host = "", User = "" };
        var machine = new SshMachine { Address = address };
        var rented = false;
        foreach (var (key, value) in node.Entries([.. Way, "root", "price", "slots", "hours", "rented", "expires", "labels", "banned", "gone"]))
        {
            address = ReadWay(address, key, value);
            rented |= key == "rented" && value.YesNo() == true;
            machine = key switch
            {
                "root" => machine with { Root = Folder(value) ?? machine.Root },
                "price" => machine with { PricePerHour = value.DollarsPerHour() ?? Money.Zero },
                "slots" => machine with { Slots = value.Whole(1, 4096) },
                "hours" => machine with { Hours = Hours(value, zone) },
                "expires" => machine with { Expires = Instant(value, zone) },
                "labels" => machine with { Labels = [.. value.Texts()] },
                "banned" => machine with { Banned = value.YesNo() == true },
                "gone" => machine with { Gone = value.YesNo() == true },
                _ => machine,
            };
        }

        if (rented && machine.Expires is null)
        {
            // Nobody asks it how long it is ours, and what runs when it is cut off is lost.
            node.Error($"{node.Path} is rented and needs expires, when the rental ends: jobs are drained before that; for example expires: 2026-12-01T08:00+01:00");
            return null;
        }

        return IsComplete(address, node) ? machine with { Address = address } : null;
    }

    private static MachineAddress ReadWay(MachineAddress address, string key, ConfigurationNode value) => key switch
    {
        "address" => address with { Host = HostName(value) ?? "" },
        "port" => address with { Port = value.Whole(1, 65535) ?? address.Port },
        "user" => address with { User = value.Text() ?? "" },
        "key" => address with { KeyFile = KeyFile(value) },
        "host-key" => address with { HostKey = Fingerprint(value) },
        "jump" => address with { Jump = Jump(address.Name, value) },
        _ => address,
    };

    private static MachineAddress? Jump(string name, ConfigurationNode node)
    {
        var jump = new MachineAddress { Name = name + "-jump", Host = "", User = "" };
        foreach (var (key, value) in node.Entries(Way))
        {
            jump = ReadWay(jump, key, value);
        }

        return IsComplete(jump, node) ? jump : null;
    }

    private static bool IsComplete(MachineAddress address, ConfigurationNode node)
    {
        if (address.Host.Length == 0 || address.User.Length == 0)
        {
            node.Error($"{node.Path} needs an address and a user; for example {{address: 10.0.0.5, user: ubuntu, key: ~/.ssh/id_ed25519}}");
            return false;
        }

        return true;
    }

    private static string? HostName(ConfigurationNode node)
    {
        if (node.Text() is not { } text || HostPattern().IsMatch(text))
        {
            return node.Text();
        }

        node.Error($"{node.Path} must be a host name or an IP address; the port is a key of its own");
        return null;
    }

    private static string? KeyFile(ConfigurationNode node)
    {
        var path = node.Text();
        var full = path is not null && path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;
        if (full is null || Path.IsPathRooted(full))
        {
            return full;
        }

        node.Error($"{node.Path} must be an absolute path, or one that begins with ~/");
        return null;
    }

    private static string? Folder(ConfigurationNode node)
    {
        var path = node.Text();
        if (path is null || path.StartsWith('/') && path.Trim('/').Length > 0 || path.StartsWith("~/", StringComparison.Ordinal))
        {
            return path?.TrimEnd('/');
        }

        node.Error($"{node.Path} must be an absolute path on the machine, or one that begins with ~/, to a folder that is ours alone");
        return null;
    }

    private static string? Fingerprint(ConfigurationNode node)
    {
        if (node.Text() is not { } text || FingerprintPattern().IsMatch(text))
        {
            return node.Text();
        }

        node.Error($"{node.Path} must be a fingerprint such as SHA256:47DEQpj8HBSa...; on the machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
        return null;
    }

    private static UsableHours? Hours(ConfigurationNode node, TimeZoneInfo zone) => node.Hours() is { } window ? new(window, zone) : null;

    private static DateTimeOffset? Instant(ConfigurationNode node, TimeZoneInfo zone)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        // A weekday would mean another day after every restart.
        if (char.IsAsciiDigit(text[0]) && Engine.Specs.Calendar.TryInstant(text, DateTimeOffset.UnixEpoch, zone.Id, out var instant, out _))
        {
            return instant;
        }

        node.Error($"{node.Path} must be a date and time; for example 2026-12-01T08:00+01:00");
        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._:%-]{0,252})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}=?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex FingerprintPattern();
}
