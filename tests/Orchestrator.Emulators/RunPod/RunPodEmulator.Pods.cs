using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>Renting, and what is rented.</summary>
public sealed partial class RunPodEmulator
{
    private const string NoneLeft = "There are no longer any instances available with the requested specifications. Please refresh and try again.";
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Ids of what is rented and not ended.</summary>
    public IReadOnlyList<string> Rented
    {
        get
        {
            lock (_gate)
            {
                return [.. _pods.Keys];
            }
        }
    }

    /// <summary>Its host fails; the platform stops it, and says no more.</summary>
    public void LoseHost(string id)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            Stop(_pods[id], "EXITED");
        }
    }

    /// <summary>All that was ever rented, each with its bill up to now.</summary>
    public IReadOnlyList<EmulatedBill> Bills
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                Pass(now);
                return [.. _ended.Concat(_pods.Values).Select(pod => BillOf(pod, now))];
            }
        }
    }

    /// <summary>Machines with what is free of them, a line each.</summary>
    public IReadOnlyList<string> OnOffer
    {
        get
        {
            lock (_gate)
            {
                return [.. _hosts.Select(host => $"host {host.Id}: {Free(host)} of {host.Gpus} x {host.Gpu}, {host.Cloud} {host.DataCenter}, CUDA {host.Cuda}")];
            }
        }
    }

    private EmulatedBill BillOf(RunPodInstance pod, DateTimeOffset now)
    {
        var isGone = !_pods.ContainsKey(pod.Id);
        return new(pod.Id, pod.Name, isGone ? "gone" : StatusOf(pod, now), pod.Rate, pod.Meter.Total, isGone);
    }

    /// <summary>Gone, without anybody asking for it.</summary>
    public void Vanish(string id)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            End(_pods[id]);
        }
    }

    /// <summary>What it was ordered as.</summary>
    public JsonObject OrderOf(string id)
    {
        lock (_gate)
        {
            return _pods[id].Order.DeepClone().AsObject();
        }
    }

    private EmulatedAnswer Create(JsonObject? body, DateTimeOffset now, RunPodFault? fault)
    {
        if (body is null)
        {
            return Problem(400, "invalid JSON body");
        }

        if (RunPodSchema.Broken(body, Switches) is { Count: > 0 } broken)
        {
            return Invalid(broken);
        }

        if (Against(body) is { } rule)
        {
            return rule;
        }

        if (Balance - Spent <= 0)
        {
            return Switches.WordsAboutBalance ? Problem(402, "insufficient balance") : new EmulatedAnswer(402, "");
        }

        var gpu = body["gpu"] as JsonObject;
        if (fault == RunPodFault.NoCapacity || gpu is null || gpu["count"] is null || Place(body, gpu) is not { } host)
        {
            return Problem(400, NoneLeft);
        }

        var card = _cards.First(one => one.Id == host.Gpu);
        var pod = new RunPodInstance(NextId(), host, gpu["count"]!.GetValue<int>(), host.Secure ? card.Secure : card.Community, body.DeepClone().AsObject(), now) { PullFails = fault == RunPodFault.PullFails };
        _pods.Add(pod.Id, pod);
        Begin(pod, now);
        return EmulatedAnswer.Json(Row(pod, now), 201);
    }

    /// <summary>The rules between fields.</summary>
    private EmulatedAnswer? Against(JsonObject body)
    {
        var (gpu, mounts) = (body["gpu"] as JsonObject, body["mounts"] as JsonObject);
        if ((gpu is null) == (body["cpu"] is null))
        {
            return Problem(400, "exactly one of gpu and cpu is required");
        }

        if (body["templateId"] is not null)
        {
            return Missing("template");
        }

        if (body["image"] is null || (Switches.DiskRequired && body["disk"] is null))
        {
            return Problem(400, "You must either provide a template id or pod configuration parameters");
        }

        if (gpu?["minCudaVersion"] is not null && gpu["allowedCudaVersions"] is JsonArray { Count: > 0 })
        {
            return Problem(400, "allowedCudaVersions and minCudaVersion exclude each other");
        }

        if (gpu is not null && !_cards.Exists(card => card.Id == (string?)gpu["id"]))
        {
            return Problem(Switches.UnknownCardStatus, $"Unknown GPU type: {gpu["id"]}");
        }

        if (mounts?["persistent"] is not null && mounts["network"] is not null)
        {
            return Problem(400, "mounts.persistent and mounts.network exclude each other");
        }

        if (body["registry"] is { } registry && !_registries.Exists(one => one.Id == registry.ToString()))
        {
            return Missing("registry");
        }

        return VolumeOf(body) is { } volume && !_volumes.Exists(one => one.Id == volume && (body["dataCenterIds"] is not JsonArray { Count: > 0 } centers || centers.Any(center => (string?)center == one.DataCenter)))
            ? Problem(400, "the network volume does not exist in this data center")
            : null;
    }

    private static string? VolumeOf(JsonObject order) => (string?)(order["mounts"]?["network"] as JsonArray)?.FirstOrDefault()?["volumeId"];

    private RunPodHost? Place(JsonObject body, JsonObject gpu)
    {
        var count = gpu["count"]!.GetValue<int>();
        var cloud = (string?)body["cloud"] ?? (Switches.NoCloudMeansAny ? null : "SECURE");
        var centers = (body["dataCenterIds"] as JsonArray ?? []).Select(center => (string?)center).ToList();
        var mounted = VolumeOf(body) is { } volume ? _volumes.Find(one => one.Id == volume)!.DataCenter : null;
        var allowed = (gpu["allowedCudaVersions"] as JsonArray ?? []).Select(version => (string?)version).ToList();
        return _hosts.OrderBy(host => host.Id).FirstOrDefault(host =>
            host.Gpu == (string?)gpu["id"] && (cloud is null || host.Cloud == cloud) && Free(host) >= count
            && (centers.Count == 0 || centers.Contains(host.DataCenter)) && (mounted is null || (host.DataCenter == mounted && host.Secure))
            && (allowed.Count == 0 || allowed.Contains(host.Cuda)) && !(gpu["minCudaVersion"] is { } least && Version.Parse(host.Cuda) < Version.Parse(least.ToString()))
            && host.Ram >= ((int?)gpu["minRamPerGpu"] ?? 0) && host.Vcpus >= ((int?)gpu["minVcpuCountPerGpu"] ?? 0) && host.Disk >= ((int?)body["disk"] ?? 0));
    }

    private string NextId()
    {
        var (number, tail) = (++_nextPod, "");
        for (var digit = 0; digit < 4; digit++, number /= Digits.Length)
        {
            tail = Digits[number % Digits.Length] + tail;
        }

        return "k3x9d7q2wn" + tail;
    }

    private void Begin(RunPodInstance pod, DateTimeOffset now)
    {
        pod.Start(now);
        if (!pod.PullFails)
        {
            backend.Start(pod.Id, ContainerOf(pod));
        }
    }

    private void Stop(RunPodInstance pod, string status)
    {
        pod.Halt(status);
        backend.Stop(pod.Id);
    }

    private void End(RunPodInstance pod)
    {
        _pods.Remove(pod.Id);
        _ended.Add(pod);
        backend.Destroy(pod.Id);
    }

    /// <summary>Lets the time since the last call pass: meters run, pulls fail, money runs out.</summary>
    private void Pass(DateTimeOffset now)
    {
        foreach (var pod in _pods.Values)
        {
            pod.Meter.Run(now, pod.BilledFrom(Switches), pod.Rate, pod.DiskRate);
        }

        foreach (var pod in _pods.Values.Where(one => one.PullFails && !one.IsHalted && now >= one.UpAt(Switches)).ToList())
        {
            pod.Log.Add((now, "error pulling image: manifest unknown"));
            Stop(pod, Switches.PullFailureIsError ? "ERROR" : "EXITED");
        }

        if (Balance - Spent <= 0)
        {
            foreach (var pod in _pods.Values.Where(one => !one.IsHalted).ToList())
            {
                if (VolumeOf(pod.Order) is null)
                {
                    End(pod);
                }
                else
                {
                    Stop(pod, "EXITED");
                }
            }
        }
    }

    private EmulatedAnswer List(EmulatedRequest request, DateTimeOffset now)
    {
        // Newest first; what has ended is not among them.
        var pods = _pods.Values.Where(pod => now >= pod.Created + Switches.ListLag).OrderByDescending(pod => pod.Created).ThenByDescending(pod => pod.Id, StringComparer.Ordinal).ToList();
        if (!Switches.Pagination)
        {
            return EmulatedAnswer.Json(new JsonObject { ["pods"] = Rows(pods) });
        }

        var limit = Number(request.Query.GetValueOrDefault("limit") ?? "1000");
        if (limit is < 1 or > 1000)
        {
            return Invalid("$.limit: must be between 1 and 1000");
        }

        if (request.Query.TryGetValue("cursor", out var cursor))
        {
            if (!cursor.StartsWith("after-", StringComparison.Ordinal))
            {
                return Invalid("$.cursor: malformed");
            }

            pods = [.. pods.Where(pod => string.CompareOrdinal(pod.Id, cursor[6..]) < 0)];
        }

        var page = pods.Take(Math.Min(limit, Switches.PageRows)).ToList();
        var hasMore = pods.Count > page.Count;
        return EmulatedAnswer.Json(new JsonObject { ["pods"] = Rows(page), ["pagination"] = new JsonObject { ["nextCursor"] = hasMore ? $"after-{page[^1].Id}" : null, ["hasNextPage"] = hasMore } });

        JsonArray Rows(List<RunPodInstance> some) => new([.. some.Select(pod => Row(pod, now))]);
    }

    private EmulatedAnswer Act(RunPodInstance pod, string? action, DateTimeOffset now)
    {
        if (action is not ("start" or "stop" or "restart" or "terminate"))
        {
            return Invalid("$.action: value must be one of 'start', 'stop', 'restart', 'terminate'");
        }

        if (!RunPodInstance.Actions(StatusOf(pod, now)).Contains(action) || (action == "stop" && (bool?)pod.Order["locked"] == true))
        {
            return Problem(409, "action not valid for current pod status");
        }

        switch (action)
        {
            case "terminate":
                return Terminate(pod);
            case "stop":
                Stop(pod, "EXITED");
                break;
            case "start" when Free(_hosts.Find(host => host.Id == pod.Host.Id) ?? pod.Host) < pod.Gpus:
                return Problem(400, "There are not enough free GPUs on the host machine to start this pod.");
            default:
                Restart(pod, now, moves: action == "start" || Switches.RestartMovesPorts);
                break;
        }

        return EmulatedAnswer.Json(Row(pod, now));
    }

    private void Restart(RunPodInstance pod, DateTimeOffset now, bool moves)
    {
        if (moves)
        {
            Begin(pod, now);
        }
        else
        {
            pod.Start(now);
        }
    }

    private EmulatedAnswer Terminate(RunPodInstance pod)
    {
        End(pod);
        return Done;
    }

    private EmulatedAnswer Change(RunPodInstance pod, JsonObject? body, DateTimeOffset now)
    {
        string[] known = ["name", "image", "args", "cmd", "entrypoint", "disk", "ports", "env", "registry", "mounts", "locked", "globalNetworking", "templateId"];
        if (body is null || body.FirstOrDefault(pair => !known.Contains(pair.Key)).Key is { } unknown && unknown.Length > 0)
        {
            return Invalid($"$: additional properties '{body?.First(pair => !known.Contains(pair.Key)).Key}' not allowed");
        }

        foreach (var (name, value) in body)
        {
            pod.Order[name] = value?.DeepClone();
        }

        if (!pod.IsHalted && body.Any(pair => pair.Key is not ("name" or "locked")))
        {
            // What the container is made of has changed: it is made anew, with other ports.
            Begin(pod, now);
        }

        return EmulatedAnswer.Json(Row(pod, now));
    }

    private static EmulatedAnswer Logs(RunPodInstance pod, EmulatedRequest request)
    {
        var tail = Number(request.Query.GetValueOrDefault("tail") ?? "100");
        if (tail is < 0 or > 5000)
        {
            return Invalid("$.tail: must be between 0 and 5000");
        }

        var lines = request.Query.GetValueOrDefault("source") == "container" ? [] : pod.Log.TakeLast(tail).Select((line, number) =>
        {
            var at = RunPodInstance.Instant(line.At);
            return string.Create(CultureInfo.InvariantCulture, $"id: {at}/{number + 1:000000000000}\ndata: {new JsonObject { ["ts"] = at, ["source"] = "system", ["line"] = line.Line }.ToJsonString()}\n\n");
        });
        return new EmulatedAnswer(200, string.Concat(lines), "text/event-stream");
    }

    private JsonObject Row(RunPodInstance pod, DateTimeOffset now) => pod.Row(now, Switches, backend.Ports(pod.Id));

    private string StatusOf(RunPodInstance pod, DateTimeOffset now) => pod.Status(now, Switches, backend.Ports(pod.Id) is not null);

    private ContainerOrder ContainerOf(RunPodInstance pod)
    {
        var environment = (pod.Order["env"] as JsonObject ?? []).ToImmutableDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "")
            .SetItem("RUNPOD_POD_ID", pod.Id).SetItem("RUNPOD_DC_ID", pod.Host.DataCenter ?? "").SetItem("RUNPOD_API_KEY", KeyOf(pod.Id)).SetItem("RUNPOD_GPU_COUNT", pod.Gpus.ToString(CultureInfo.InvariantCulture));
        if ((bool?)pod.Order["startSsh"] == true && !environment.ContainsKey("PUBLIC_KEY") && _sshKeys.Count > 0)
        {
            environment = environment.SetItem("PUBLIC_KEY", string.Join('\n', _sshKeys));
        }

        var (entrypoint, command) = Command(pod.Order);
        return new ContainerOrder(
            (string?)pod.Order["image"] ?? "", entrypoint.Length > 0 ? entrypoint[0] : null, [.. entrypoint.Skip(1), .. command], environment,
            [.. RunPodInstance.PortsOf(pod.Order).Where(port => port.Kind == "tcp").Select(port => port.Port)])
        {
            Login = LoginOf(pod.Order),
        };
    }

    /// <summary>A login names no registry: it goes to the image's.</summary>
    private (string User, string Password, string Registry)? LoginOf(JsonObject order) =>
        _registries.Find(one => one.Id == (string?)order["registry"]).Login?.Split(':', 2) is [var user, var password] && ((string?)order["image"])?.Split('/') is [var registry, _, ..]
            ? (user, password, registry)
            : null;

    /// <summary>One text: JSON of both parts, or words as in a shell.</summary>
    private static (string[] Entrypoint, string[] Command) Command(JsonObject order)
    {
        if (order["cmd"] is JsonArray || order["entrypoint"] is JsonArray)
        {
            return (Words(order["entrypoint"]), Words(order["cmd"]));
        }

        var text = (string?)order["args"] ?? "";
        try
        {
            if (JsonNode.Parse(text) is JsonObject both)
            {
                return (Words(both["entrypoint"]), Words(both["cmd"]));
            }
        }
        catch (JsonException)
        {
            // Words, then.
        }

        return ([], text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        static string[] Words(JsonNode? node) => [.. (node as JsonArray ?? []).Select(word => word?.ToString() ?? "")];
    }
}
