using System.Text.RegularExpressions;
using Orchestrator.Determinism;
using Orchestrator.Providers.Http;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.RunPod;

/// <summary>A pod as RunPod tells of it.</summary>
internal static partial class RunPodPod
{
    public static bool IsId(string id) => Id().IsMatch(id);

    /// <returns>Null: not ours.</returns>
    /// <exception cref="ProviderException">It is ours and cannot be read: a list without it would be a part.</exception>
    public static ListedInstance? Read(ApiFields row, int sshPort)
    {
        if (row["name"].Text is not { } label || !label.StartsWith(LaunchToken.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        return new ListedInstance
        {
            InstanceId = row["id"].Text is { } id && IsId(id) ? id : throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod lists {OneLine.Of(label)} without an id"),
            Label = label,
            Status = StatusOf(row, sshPort),
            Words = WordsOf(row, sshPort),
            // Of the whole pod; whether its disk is in it is not documented.
            PerHour = row["cost"].Dollars,
            // Nobody exempts pulling, nor an ERROR; a disk of the container costs nothing while it is stopped.
            Billed = row["status"].Text == "EXITED" ? Spending.BilledParts.None : Spending.BilledParts.All,
        };
    }

    /// <summary>
    /// RUNNING is said from the create call on, while the image is still pulled: it runs when its port is there. Nobody but the
    /// platform stops what we rent, for its host, its image or the account's money; it comes back to nothing of ours.
    /// </summary>
    public static InstanceStatus StatusOf(ApiFields row, int sshPort) => row["status"].Text switch
    {
        "RUNNING" => DoorOf(row, sshPort) is null ? InstanceStatus.Booting : InstanceStatus.Running,
        "PROVISIONING" or "STARTING" => InstanceStatus.Booting,
        "EXITED" or "ERROR" => InstanceStatus.Stopped,
        "TERMINATED" => InstanceStatus.Terminating,
        _ => InstanceStatus.Unknown,
    };

    public static string WordsOf(ApiFields row, int sshPort)
    {
        var place = row["dataCenterId"].Text is { } center ? $" in {OneLine.Of(center, 30)}" : "";
        return row["status"].Text switch
        {
            "RUNNING" when DoorOf(row, sshPort) is null => $"RUNNING{place}, without a port yet: the image is pulled, or it does not start",
            "EXITED" => $"EXITED{place}: the image, the host or the account's balance",
            var status => $"{OneLine.Of(status ?? "no status", 30)}{place}",
        };
    }

    /// <summary>Where our sshd is reached; null = not yet. Ports and addresses move with every start.</summary>
    public static (string Address, int Port)? DoorOf(ApiFields row, int inside)
    {
        if (inside == 22 && Door(row["ssh"]["direct"]["host"], row["ssh"]["direct"]["port"]) is { } direct)
        {
            return direct;
        }

        // Those of type http lead to RunPod's proxy, at addresses that nobody reaches.
        return row["runtime"]["ports"].Items.Where(port => port["private"].Whole == inside && port["type"].Text == "tcp").Select(port => Door(port["ip"], port["public"])).FirstOrDefault(door => door is not null);
    }

    private static (string Address, int Port)? Door(ApiFields host, ApiFields port) =>
        host.Text?.Trim() is { Length: > 0 and < 64 } address && Uri.CheckHostName(address) is UriHostNameType.IPv4 or UriHostNameType.IPv6 or UriHostNameType.Dns && port.Whole is > 0 and <= 65535 and var number
            ? (address, (int)number)
            : null;

    [GeneratedRegex(@"^[A-Za-z0-9]{4,40}\z")]
    private static partial Regex Id();
}
