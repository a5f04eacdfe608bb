using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Lambda;

/// <summary>A virtual machine: what it is follows from when it was launched and ended, and from what happened to it.</summary>
internal sealed class LambdaMachine(string id, LambdaTypeEntry type, JsonObject order, DateTimeOffset launched)
{
    public string Id { get; } = id;

    public LambdaTypeEntry Type { get; } = type;

    public JsonObject Order { get; } = order;

    public DateTimeOffset Launched { get; } = launched;

    public bool NeverBoots { get; init; }

    /// <summary>What was attached at its launch; null = nothing.</summary>
    public (string Id, string Name, string MountPoint)? FileSystem { get; init; }

    /// <summary>Last byte of its address.</summary>
    public int Address { get; set; } = 20;

    public DateTimeOffset? UnhealthySince { get; set; }

    public DateTimeOffset? VanishedAt { get; set; }

    /// <summary>How long it was unhealthy before it recovered.</summary>
    private TimeSpan _wasUnhealthy;

    public void Recover(DateTimeOffset now)
    {
        _wasUnhealthy += UnhealthySince is { } since ? now - since : TimeSpan.Zero;
        UnhealthySince = null;
    }

    public DateTimeOffset? PreemptedAt { get; set; }

    /// <summary>When its end was asked for.</summary>
    public DateTimeOffset? EndAsked { get; set; }

    public string Region => Order["region_name"]!.ToString();

    public DateTimeOffset HealthyAt(LambdaSwitches switches) => NeverBoots ? DateTimeOffset.MaxValue : Launched + switches.Booting;

    /// <summary>When what it has attached is free again; null = it is not over.</summary>
    public DateTimeOffset? HoldsUntil(LambdaSwitches switches) =>
        new[] { EndAsked + switches.Terminating, PreemptedAt, VanishedAt }.Min() + switches.FileSystemRelease;

    /// <summary>What is said of a restart.</summary>
    public static JsonObject Restart(string? status, bool hasBooted) =>
        status is not ("booting" or "active" or "unhealthy") ? new() { ["available"] = false, ["reason_code"] = "vm-is-terminating", ["reason_description"] = "VM is terminating." }
        : !hasBooted ? new() { ["available"] = false, ["reason_code"] = "vm-has-not-launched", ["reason_description"] = "VM has not launched." }
        : new() { ["available"] = true };

    /// <returns>Null: it is neither listed nor known any more.</returns>
    public string? Status(DateTimeOffset now, LambdaSwitches switches) =>
        VanishedAt is not null ? null
        : EndAsked is { } end ? (now < end + switches.Terminating ? "terminating" : now < end + switches.Terminating + switches.TerminatedShown ? "terminated" : null)
        : PreemptedAt is not null ? "preempted"
        : UnhealthySince is not null ? "unhealthy"
        : now < HealthyAt(switches) ? "booting"
        : "active";

    /// <summary>Whole minutes from the first health check to the end, at the price of the launch.</summary>
    public double Bill(DateTimeOffset now, LambdaSwitches switches)
    {
        var end = EndAsked is { } asked ? asked + (switches.BilledWhileTerminating ? switches.Terminating : TimeSpan.Zero) : now;
        end = PreemptedAt is { } preempted && preempted < end ? preempted : end;
        end = VanishedAt is { } vanished && vanished < end ? vanished : end;
        end = !switches.BilledWhileUnhealthy && UnhealthySince is { } unhealthy && unhealthy < end ? unhealthy : end;
        end = now < end ? now : end;
        var billed = HealthyAt(switches) >= end ? TimeSpan.Zero : end - HealthyAt(switches) - (switches.BilledWhileUnhealthy ? TimeSpan.Zero : _wasUnhealthy);
        return billed <= TimeSpan.Zero ? 0 : Math.Ceiling(billed.TotalMinutes) * Type.Cents / 6000.0;
    }

    public JsonObject Row(DateTimeOffset now, LambdaSwitches switches)
    {
        var status = Status(now, switches);
        var hasBooted = now >= HealthyAt(switches);
        var row = new JsonObject
        {
            ["id"] = Id, ["name"] = Order["name"]?.DeepClone(), ["status"] = status, ["ssh_key_names"] = Order["ssh_key_names"]!.DeepClone(), ["file_system_names"] = FileSystem is { } named ? new JsonArray(named.Name) : [],
            ["file_system_mounts"] = FileSystem is { } mounted ? new JsonArray(new JsonObject { ["file_system_id"] = mounted.Id, ["mount_point"] = mounted.MountPoint }) : [],
            ["region"] = LambdaEmulator.Region(Region), ["instance_type"] = LambdaEmulator.TypeRow(Type), ["tags"] = Order["tags"]?.DeepClone() ?? new JsonArray(), ["firewall_rulesets"] = new JsonArray(),
            ["first_healthy"] = hasBooted ? HealthyAt(switches).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null,
            ["actions"] = new JsonObject
            {
                ["terminate"] = new JsonObject { ["available"] = status is not ("terminating" or "terminated") },
                ["restart"] = Restart(status, hasBooted),
            },
        };
        if (hasBooted && now >= HealthyAt(switches) + switches.AddressLate)
        {
            row["ip"] = $"198.51.100.{Address}";
            row["private_ip"] = "10.19.4.7";
            row["hostname"] = $"198-51-100-{Address}";
            row["jupyter_token"] = "jupyter-secret";
            row["jupyter_url"] = "https://jupyter.example.invalid/?token=jupyter-secret";
        }

        return row;
    }
}
