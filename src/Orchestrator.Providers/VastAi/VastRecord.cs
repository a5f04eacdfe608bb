using Orchestrator.Determinism;
using Orchestrator.Providers.Http;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Providers.VastAi;

/// <summary>An instance as Vast.ai tells of it: four words for one state, of which any may be missing.</summary>
internal static class VastRecord
{
    /// <returns>Null: not ours.</returns>
    /// <exception cref="ProviderException">It may be ours and cannot be read: a list without it would be a part.</exception>
    public static ListedInstance? Read(ApiFields row)
    {
        if (row["label"].Text is not { } label || !label.StartsWith(LaunchToken.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        return new ListedInstance
        {
            InstanceId = row["id"].Text is { } id && VastAsk.IdOf(id) == id ? id : throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai lists {OneLine.Of(label)} without an id"),
            Host = row["machine_id"].Text is { } machine ? $"{VastProvider.ProviderName}/{OneLine.Of(machine, 20)}" : null,
            Label = label,
            Status = StatusOf(row),
            Words = WordsOf(row),
            PerHour = row["dph_total"].Dollars ?? row["dph_base"].Dollars,
            Billed = BilledIn(row),
            Term = row["end_date"].Time is { } until ? new RentalTerm(until) : null,
        };
    }

    /// <summary>Said of a container that is not up: it never will be, though the record goes on calling it "loading".</summary>
    private static readonly string[] _fatal =
        ["Error response from daemon", "OCI runtime create failed", "manifest unknown", "pull access denied", "unauthorized: authentication required", "docker_build() error", "no space left on device"];

    /// <summary>What somebody else rented on the account; null = ours, or nothing that can be named.</summary>
    public static ForeignInstance? ReadForeign(ApiFields row) =>
        row["id"].Text is { } id && VastAsk.IdOf(id) == id && row["label"].Text?.StartsWith(LaunchToken.Prefix, StringComparison.Ordinal) != true
            ? new ForeignInstance(id, OneLine.Of(row["label"].Text, 60)) { PricePerHour = row["dph_total"].Dollars, Since = row["start_date"].Time, Words = OneLine.Of(row["actual_status"].Text ?? row["cur_state"].Text, 20) }
            : null;

    /// <summary>
    /// Nobody but us and the market stops what we rent, and we never do: stopped in any of the words is lost, and so is what its host cannot
    /// start. A host that is offline or a container that is started again may come back, which is for the agent's silence to judge.
    /// </summary>
    public static InstanceStatus StatusOf(ApiFields row)
    {
        var (wanted, contract, actual) = (row["intended_status"].Text, row["cur_state"].Text, row["actual_status"].Text);
        if (contract == "unloaded" || actual == "destroyed")
        {
            return InstanceStatus.Terminating;
        }

        if (wanted is "stopped" or "frozen" || contract == "stopped" || actual == "frozen")
        {
            return InstanceStatus.Stopped;
        }

        return actual switch
        {
            "running" => InstanceStatus.Running,
            "created" or "loading" when row["status_msg"].Text is { } said && _fatal.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase)) => InstanceStatus.Stopped,
            // Wanted running, by us and by the contract: its process has ended, and the platform starts it again, and again.
            null or "" or "created" or "loading" or "exited" or "scheduling" or "restarting" or "rebooting" or "recycling" => InstanceStatus.Booting,
            _ => InstanceStatus.Unknown,
        };
    }

    /// <summary>
    /// The word for the container is what it is billed by. One that exited and is still wanted may be started again any moment, and nobody
    /// says what "unknown" and restarts cost.
    /// </summary>
    public static BilledParts BilledIn(ApiFields row) => row["actual_status"].Text switch
    {
        "offline" => BilledParts.None,
        null or "" or "created" or "loading" or "scheduling" or "restarting" or "stopped" => BilledParts.DiskOnly,
        "exited" when row["intended_status"].Text == "stopped" || row["cur_state"].Text == "stopped" => BilledParts.DiskOnly,
        _ => BilledParts.All,
    };

    public static string WordsOf(ApiFields row)
    {
        var words = $"{OneLine.Of(row["actual_status"].Text ?? "provisioning", 20)} (wanted {OneLine.Of(row["intended_status"].Text ?? "?", 20)}, contract {OneLine.Of(row["cur_state"].Text ?? "?", 20)})";
        if (row["actual_status"].Text == "exited" && row["intended_status"].Text == "running" && row["cur_state"].Text == "running")
        {
            words += ", its process ended and is started again: a crash loop, or an image that cannot run there";
        }

        // There is no word for "outbid"; the two prices say it.
        if (row["is_bid"].Flag == true && row["min_bid"].Dollars is { } floor && row["dph_base"].Dollars is { } bid && floor > bid)
        {
            words += $"; the lowest bid is now {floor}/h, ours {bid}/h";
        }

        return OneLine.Of(row["status_msg"].Text) is { Length: > 0 } said ? $"{words}: {said}" : words;
    }

    /// <summary>Where our sshd is reached; null = not yet. Ports and addresses move with every start.</summary>
    public static (string Address, int Port)? DoorOf(ApiFields row, int inside)
    {
        var outside = row["ports"][$"{inside}/tcp"].Items.Select(one => one["HostPort"].Whole).FirstOrDefault();
        return row["public_ipaddr"].Text?.Trim() is { Length: > 0 and < 64 } address && Uri.CheckHostName(address) is UriHostNameType.IPv4 or UriHostNameType.IPv6 or UriHostNameType.Dns
            && outside is > 0 and <= 65535 and var port
            ? (address, (int)port)
            : null;
    }
}
