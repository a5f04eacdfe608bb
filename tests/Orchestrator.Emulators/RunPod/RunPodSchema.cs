using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>The form of a create body: what is not in it is refused by name, before anything is looked at.</summary>
internal static class RunPodSchema
{
    private static readonly string[] _pod =
    [
        "name", "image", "args", "disk", "env", "ports", "registry", "cloud", "gpu", "cpu", "mounts", "dataCenterIds", "globalNetworking", "startSsh", "startJupyter", "templateId",
    ];

    private static readonly string[] _gpu = ["id", "count", "allowedCudaVersions", "minCudaVersion"];

    /// <returns>One line for each broken rule.</returns>
    public static List<string> Broken(JsonObject body, RunPodSwitches switches)
    {
        List<string> broken = [];
        Fields("$", body, switches.TakesCmdAndEntrypoint ? [.. _pod, "cmd", "entrypoint"] : _pod, ["name"]);
        if (body["gpu"] is JsonObject gpu)
        {
            Fields("$.gpu", gpu, switches.TakesHostFilters ? [.. _gpu, "minRamPerGpu", "minVcpuCountPerGpu"] : _gpu, ["id"]);
        }

        if (body["cpu"] is JsonObject cpu)
        {
            Fields("$.cpu", cpu, ["id", "vcpuCount"], ["id", "vcpuCount"]);
        }

        if (body["mounts"] is JsonObject mounts)
        {
            Fields("$.mounts", mounts, ["persistent", "network"], []);
            if (mounts["persistent"] is JsonObject persistent)
            {
                Fields("$.mounts.persistent", persistent, ["size", "path"], ["size", "path"]);
            }

            foreach (var network in (mounts["network"] as JsonArray ?? []).OfType<JsonObject>())
            {
                Fields("$.mounts.network[0]", network, ["volumeId", "path"], ["volumeId", "path"]);
            }
        }

        if (body["name"] is JsonValue name && (name.GetValueKind() != JsonValueKind.String || name.GetValue<string>().Length == 0))
        {
            broken.Add("$.name: must be a string of at least 1 character");
        }

        if (body["cloud"] is { } cloud && cloud.ToString() is not ("SECURE" or "COMMUNITY"))
        {
            broken.Add("$.cloud: value must be one of 'SECURE', 'COMMUNITY'");
        }

        if (body["disk"] is { } disk && !(disk.GetValueKind() == JsonValueKind.Number && disk.GetValue<double>() >= 1))
        {
            broken.Add("$.disk: must be >= 1");
        }

        return broken;

        void Fields(string path, JsonObject part, string[] known, string[] needed)
        {
            var unknown = part.Select(pair => pair.Key).Where(key => !known.Contains(key)).ToList();
            var missing = needed.Where(key => !part.ContainsKey(key)).ToList();
            broken.AddRange(missing.Select(key => $"{path}: missing property '{key}'"));
            // The validator's own trap: where one is missing, those that are there count as unknown.
            broken.AddRange((missing.Count > 0 ? part.Select(pair => pair.Key) : unknown).Select(key => $"{path}: additional properties '{key}' not allowed"));
        }
    }
}
