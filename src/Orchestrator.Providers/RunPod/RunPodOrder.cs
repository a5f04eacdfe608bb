using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.RunPod;

/// <summary>The create call of one launch.</summary>
internal static class RunPodOrder
{
    public const string MemoryFilter = "minRamPerGpu";
    public const string CpuFilter = "minVcpuCountPerGpu";

    /// <param name="place">What is asked for.</param>
    /// <param name="request">For whom.</param>
    /// <param name="options">How.</param>
    /// <param name="keys">What it is reached with.</param>
    /// <param name="registry">Id of the login for the image; null = none.</param>
    /// <param name="filters">Ask for the CPUs and the memory that the offer named.</param>
    public static ApiCall Of(RunPodPlace place, LaunchRequest request, RunPodOptions options, IReachKeys keys, string? registry, bool filters)
    {
        var arguments = StartScript.Arguments(keys.HostKeyOf(request.Label), keys.LoginKey, options.SshPort, new Uri(options.Api.BaseAddress, $"v2/pods/{StartScript.Id}"));
        var gpu = new JsonObject
        {
            ["id"] = place.Gpu,
            // Without it every create fails as if there were no stock.
            ["count"] = place.Count,
        };
        if (place.Cuda is { } cuda)
        {
            gpu["minCudaVersion"] = cuda.ToString();
        }

        if (filters)
        {
            // So that the offer's figures hold on whichever host it becomes.
            gpu[MemoryFilter] = Math.Max(1, request.Offer.MemoryBytes / 1_000_000_000 / place.Count);
            gpu[CpuFilter] = Math.Max(1, request.Offer.Cpus / place.Count);
        }

        var body = new JsonObject
        {
            ["name"] = request.Label,
            ["image"] = request.Image?.Reference ?? options.PlainImage,
            // One text that older and newer servers take alike; the fields "entrypoint" and "cmd" are unknown to the older.
            ["args"] = new JsonObject { ["entrypoint"] = new JsonArray("/bin/sh"), ["cmd"] = new JsonArray([.. arguments.Select(argument => (JsonNode)JsonValue.Create(argument))]) }.ToJsonString(),
            ["disk"] = Math.Max(options.LeastDiskGB, (int)Math.Ceiling(request.Offer.DiskBytes / 1e9)),
            ["cloud"] = place.Word,
            ["gpu"] = gpu,
            ["ports"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"{options.SshPort}/tcp")),
            // Whatever user the image names: sshd and the agent are root's.
            ["env"] = new JsonObject { ["RUNPOD_POD_USER"] = "0" },
            // Else the account's keys go into the container as well.
            ["startSsh"] = false,
        };
        if (place.DataCenter is { } center)
        {
            // Called a preference, kept as a condition.
            body["dataCenterIds"] = new JsonArray(center);
        }

        if (registry is not null)
        {
            body["registry"] = registry;
        }

        return new ApiCall(HttpMethod.Post, "v2/pods") { Body = body, Lanes = RunPodLanes.All, Changes = true };
    }
}
