using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>A rented instance: what it does follows from when it was started and what happened to it since.</summary>
internal sealed class VastInstance(int id, VastAskEntry ask, JsonObject order, DateTimeOffset created)
{
    /// <summary>Seconds from one start to the next in a crash loop; it is up for a third of them.</summary>
    private const int CrashPeriod = 30;
    private const double UpShare = 1.0 / 3;

    /// <summary>What keeps it from going on, in the words of its record.</summary>
    private (string? Actual, string Wanted, string Contract, string Next)? _halt;
    private DateTimeOffset? _started;
    private DateTimeOffset? _away;

    public int Id { get; } = id;

    public VastAskEntry Ask { get; } = ask;

    public JsonObject Order { get; } = order;

    public DateTimeOffset Created { get; } = created;

    public double? Bid { get; set; } = VastQuery.Number(order["price"]);

    public double Disk { get; } = Math.Max(8, VastQuery.Number(order["disk"]) ?? 8);

    public string? Label { get; set; } = order["label"]?.GetValue<string>();

    public string? Message { get; set; }

    /// <summary>What it was created with.</summary>
    public VastFault? Fault { get; set; }

    /// <summary>When its contract ends; null = as its machine's does.</summary>
    public DateTimeOffset? Until { get; set; }

    public bool IsOffline => _away is not null;

    /// <summary>"rebooting" or "recycling", by somebody's order, until then; null = neither.</summary>
    public (string Word, DateTimeOffset Until)? Busy { get; set; }

    /// <summary>A start was refused, and happens when it can.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Somebody who pays the whole price has its cards: it goes on by itself once they are free.</summary>
    public bool IsPreempted { get; set; }

    /// <summary>The platform does not know what became of its container, and says that.</summary>
    public bool IsUnknown { get; set; }

    /// <summary>The part of the time in which its card is billed while it is up.</summary>
    public double BilledShare(VastSwitches switches) =>
        IsUnknown && !switches.BilledWhileUnknown ? 0 : Busy is { } busy && !(busy.Word == "rebooting" ? switches.BilledWhileRebooting : switches.BilledWhileRecycling) ? 0 : Fault == VastFault.CrashLoop && !switches.BilledWhileExited ? UpShare : 1;

    public bool IsHalted => _halt is not null;

    /// <summary>Given to the container: it may stop, start and destroy this instance, and nothing else.</summary>
    public string NarrowKey { get; } = string.Create(CultureInfo.InvariantCulture, $"d15a0c{id:d58}");

    public VastMeter Meter { get; } = new(created, ask.Machine.DownPerGB, ask.Machine.UpPerGB);

    public string Key => Id.ToString(CultureInfo.InvariantCulture);

    public void Start(DateTimeOffset now)
    {
        _started = now;
        _halt = null;
        IsQueued = IsPreempted = false;
    }

    public void Halt(string? actual, string wanted, string contract, string next)
    {
        _started = null;
        Busy = null;
        IsQueued = IsPreempted = false;
        _halt = (actual, wanted, contract, next);
    }

    public void Offline(bool away, DateTimeOffset now) => _away = away ? now : null;

    /// <summary>What its host wants by now, whatever was agreed; null = what was.</summary>
    public double? Raised { get; set; }

    public double Rate(VastSwitches switches) => Raised is { } raised ? raised : Bid is { } bid ? (switches.PaysTheBid ? bid : Math.Min(bid, Ask.Price)) : Ask.Price;

    public double StoragePerHour => Ask.Machine.StoragePerMonth * Disk / 720;

    /// <summary>When its boot would be over; null = it is not started.</summary>
    public DateTimeOffset? UpAt(VastSwitches switches) => _started is { } started ? started + switches.Provisioning + switches.Creating + switches.Loading : null;

    /// <summary>The word for what its container does.</summary>
    public string? Actual(DateTimeOffset now, VastSwitches switches, bool isUp)
    {
        if (_away is { } since)
        {
            return now < since + switches.UnknownBeforeOffline ? "unknown" : "offline";
        }

        if (_halt is { } halt)
        {
            return halt.Actual;
        }

        if (IsUnknown)
        {
            return "unknown";
        }

        if (Busy is { } busy && now < busy.Until)
        {
            return busy.Word;
        }

        var age = now - _started!.Value;
        return age < switches.Provisioning ? null
            : age < switches.Provisioning + switches.Creating ? "created"
            : now < UpAt(switches) || !isUp ? "loading"
            : Fault == VastFault.CrashLoop && (now - UpAt(switches)!.Value).TotalSeconds % CrashPeriod >= CrashPeriod * UpShare ? "exited"
            : "running";
    }

    public JsonObject Row(DateTimeOffset now, VastSwitches switches, IReadOnlyDictionary<int, int>? ports)
    {
        var row = VastTemplates.Instance();
        var actual = Actual(now, switches, ports is not null);
        var until = Until ?? Ask.Machine.Until ?? Created.AddDays(30);
        row["id"] = Id;
        row["machine_id"] = Ask.Machine.Id;
        row["label"] = Label;
        row["actual_status"] = actual;
        row["intended_status"] = _halt?.Wanted ?? "running";
        row["cur_state"] = _halt?.Contract ?? "running";
        row["next_state"] = _halt?.Next ?? "running";
        row["status_msg"] = Message ?? (actual == "running" ? $"success, running {Order["image"]}" : null);
        row["image_uuid"] = Order["image"]?.DeepClone();
        row["image_runtype"] = Order["runtype"]?.DeepClone();
        row["image_args"] = Order["args"]?.DeepClone() ?? new JsonArray();
        row["onstart"] = Order["onstart"]?.DeepClone();
        row["extra_env"] = new JsonArray([.. (Order["env"] as JsonObject ?? new JsonObject()).Select(pair => (JsonNode)new JsonArray(pair.Key, pair.Value?.DeepClone()))]);
        row["num_gpus"] = Ask.Gpus;
        row["gpu_name"] = Ask.Machine.Gpu;
        row["disk_space"] = Disk;
        row["is_bid"] = Bid is not null;
        row["min_bid"] = Ask.LeastBid;
        row["dph_base"] = Rate(switches);
        row["storage_total_cost"] = StoragePerHour;
        row["dph_total"] = Rate(switches) + StoragePerHour;
        (row["inet_down_cost"], row["inet_up_cost"]) = (Ask.Machine.DownPerGB, Ask.Machine.UpPerGB);
        row["inet_down_billed"] = actual is null ? null : Meter.Moved.Received / (switches.BilledInGigabytes ? 1e9 : 1e6);
        row["inet_up_billed"] = actual is null ? null : Meter.Moved.Sent / (switches.BilledInGigabytes ? 1e9 : 1e6);
        row["public_ipaddr"] = "127.0.0.1\n";
        row["start_date"] = Created.ToUnixTimeMilliseconds() / 1000.0;
        row["end_date"] = until.ToUnixTimeMilliseconds() / 1000.0;
        row["duration"] = (until - now).TotalSeconds;
        row["ports"] = actual == "running" && now >= UpAt(switches) + switches.Opening ? Doors(ports!, switches) : null;
        if (actual is null)
        {
            row["ssh_host"] = row["ssh_port"] = row["ssh_idx"] = null;
        }

        return row;
    }

    private static JsonObject Doors(IReadOnlyDictionary<int, int> ports, VastSwitches switches) => new(
        ports.Select(pair => KeyValuePair.Create<string, JsonNode?>(
            string.Create(CultureInfo.InvariantCulture, $"{pair.Key}/tcp"),
            new JsonArray([.. (switches.PortsOfBothFamilies ? (string[])["0.0.0.0", "::"] : ["0.0.0.0"])
                .Select(ip => (JsonNode)new JsonObject { ["HostIp"] = ip, ["HostPort"] = pair.Value.ToString(CultureInfo.InvariantCulture) })]))));
}
