using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What an account has beside its pods.</summary>
public sealed partial class RunPodEmulator
{
    private readonly List<string> _sshKeys = [];
    private readonly List<(string Id, string Name, string Login)> _registries = [];
    private readonly List<(string Id, string Name, int Size, string DataCenter)> _volumes = [];
    private int _nextThing;

    /// <summary>Logins as they were put there: user and password.</summary>
    public IReadOnlyList<(string Id, string Name, string Login)> Logins
    {
        get
        {
            lock (_gate)
            {
                return [.. _registries];
            }
        }
    }

    private EmulatedAnswer SshKeys() => EmulatedAnswer.Json(new JsonObject { ["keys"] = new JsonArray([.. _sshKeys.Select(key => (JsonNode)key)]) });

    private EmulatedAnswer PutSshKeys(JsonObject? body)
    {
        var keys = (body?["keys"] as JsonArray)?.Select(key => key?.ToString() ?? "").ToList();
        if (keys is null || keys.Exists(key => !KeyLine().IsMatch(key)))
        {
            return Invalid("$.keys: does not match pattern");
        }

        // All of them, also those of others.
        _sshKeys.Clear();
        _sshKeys.AddRange(keys);
        return SshKeys();
    }

    private EmulatedAnswer Registries() => EmulatedAnswer.Json(new JsonObject { ["registries"] = new JsonArray([.. _registries.Select(one => (JsonNode)new JsonObject { ["id"] = one.Id, ["name"] = one.Name })]) });

    private EmulatedAnswer AddRegistry(JsonObject? body)
    {
        if (body?["name"] is not { } name || body["username"] is not { } user || body["password"] is not { } password)
        {
            return Invalid("$: missing property 'name', 'username' or 'password'");
        }

        var id = $"reg{++_nextThing:000000}";
        _registries.Add((id, name.ToString(), $"{user}:{password}"));
        return EmulatedAnswer.Json(new JsonObject { ["id"] = id, ["name"] = name.ToString() }, 201);
    }

    private EmulatedAnswer RemoveRegistry(string id)
    {
        if (_pods.Values.Any(pod => pod.Order["registry"]?.ToString() == id))
        {
            return Problem(400, "the registry is in use");
        }

        return _registries.RemoveAll(one => one.Id == id) > 0 ? Done : Missing("registry");
    }

    private EmulatedAnswer Volumes() => EmulatedAnswer.Json(new JsonObject { ["networkVolumes"] = new JsonArray([.. _volumes.Select(Volume)]) });

    private EmulatedAnswer AddVolume(JsonObject? body)
    {
        if (body?["name"] is not { } name || (string?)body["dataCenter"] is not { } center || (int?)body["size"] is not (>= 10 and <= 4096 and var size))
        {
            return Invalid("$: missing property 'name', 'size' or 'dataCenter'");
        }

        if (!_hosts.Exists(host => host.Secure && host.DataCenter == center))
        {
            return Problem(400, $"{center} has no network volumes; these have: {string.Join(", ", _hosts.Where(host => host.Secure).Select(host => host.DataCenter).Distinct())}");
        }

        _volumes.Add(($"v1q8z2m{++_nextThing:000}", name.ToString(), size, center));
        return EmulatedAnswer.Json(Volume(_volumes[^1]), 201);
    }

    private EmulatedAnswer RemoveVolume(string id)
    {
        if (!Switches.DeletesMountedVolumes && _pods.Values.Any(pod => VolumeOf(pod.Order) == id))
        {
            return Problem(400, "the network volume is in use");
        }

        return _volumes.RemoveAll(one => one.Id == id) > 0 ? Done : Missing("network volume");
    }

    private static JsonNode Volume((string Id, string Name, int Size, string DataCenter) volume) =>
        new JsonObject { ["id"] = volume.Id, ["name"] = volume.Name, ["size"] = volume.Size, ["dataCenter"] = volume.DataCenter, ["type"] = "STANDARD" };

    [GeneratedRegex(@"^(ssh|ecdsa|sk)-[^\s]+ [^\s]+([ \t][^\n\r]*)?\z")]
    private static partial Regex KeyLine();
}
