using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>Renting.</summary>
public sealed partial class RunPodEmulator
{
    private const string NoneLeft = "There are no longer any instances available with the requested specifications. Please refresh and try again.";
    private static readonly TimeSpan _goneFor = TimeSpan.FromSeconds(1);

    private (string Wanted, DateTimeOffset At) _gone;

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

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

        if (Left <= 0)
        {
            return TooPoor();
        }

        var gpu = body["gpu"] as JsonObject;
        // Whoever asks again at once finds no more than before.
        var wanted = $"{body["cloud"]} {gpu?["id"]} {body["dataCenterIds"]?.ToJsonString()}";
        if (fault == RunPodFault.NoCapacity)
        {
            _gone = (wanted, now);
        }

        if ((_gone.Wanted == wanted && now - _gone.At < _goneFor) || gpu is null || gpu["count"] is null || Place(body, gpu) is not { } host)
        {
            return Problem(400, NoneLeft);
        }

        var card = _cards.First(one => one.Id == host.Gpu);
        var pod = new RunPodInstance(NextId(), host, gpu["count"]!.GetValue<int>(), host.Secure ? card.Secure : card.Community, body.DeepClone().AsObject(), now) { Fault = fault ?? (IsTooLarge(body) ? RunPodFault.ImageTooLarge : null) };
        if (Left < HourOf(pod))
        {
            return TooPoor();
        }

        _pods.Add(pod.Id, pod);
        Begin(pod, now);
        return EmulatedAnswer.Json(Row(pod, now), 201);
    }

    private EmulatedAnswer TooPoor() => Switches.WordsAboutBalance ? Problem(402, "insufficient balance") : new EmulatedAnswer(402, "");

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

    private bool IsTooLarge(JsonObject order) => _imageGB.TryGetValue((string?)order["image"] ?? "", out var size) && size > Switches.MostImageGB;

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
}
