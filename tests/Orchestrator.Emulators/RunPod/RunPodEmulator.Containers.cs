using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What runs in a pod.</summary>
public sealed partial class RunPodEmulator
{
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
            IsCardDead = pod.Fault == RunPodFault.DeadCard,
            IsCudaDead = pod.Fault == RunPodFault.DeadCuda,
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
