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

    private EmulatedAnswer Registries() => EmulatedAnswer.Json(new JsonObject { ["registries"] = new JsonArray([.. _registries.Select(Registry)]) });

    private EmulatedAnswer OneRegistry(string id) => _registries.Exists(one => one.Id == id) ? EmulatedAnswer.Json(Registry(_registries.Find(one => one.Id == id))) : Missing("registry");

    /// <summary>Its login is never told.</summary>
    private static JsonNode Registry((string Id, string Name, string Login) registry) => new JsonObject { ["id"] = registry.Id, ["name"] = registry.Name };

    private EmulatedAnswer AddRegistry(JsonObject? body)
    {
        if (body?["name"] is not { } name || body["username"] is not { } user || body["password"] is not { } password)
        {
            return Invalid("$: missing property 'name', 'username' or 'password'");
        }

        var id = $"reg{++_nextThing:000000}";
        _registries.Add((id, name.ToString(), $"{user}:{password}"));
        return EmulatedAnswer.Json(Registry(_registries[^1]), 201);
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

    private EmulatedAnswer OneVolume(string id) => _volumes.Exists(one => one.Id == id) ? EmulatedAnswer.Json(Volume(_volumes.Find(one => one.Id == id))) : Missing("network volume");

    /// <summary>It grows, and never shrinks.</summary>
    private EmulatedAnswer ChangeVolume(string id, JsonObject? body)
    {
        if (_volumes.FindIndex(one => one.Id == id) is var at && at < 0)
        {
            return Missing("network volume");
        }

        if (body?.Select(pair => pair.Key).FirstOrDefault(key => key is not ("name" or "size")) is { } unknown)
        {
            return Invalid($"$: additional properties '{unknown}' not allowed");
        }

        var size = body?["size"] is null ? _volumes[at].Size : Number(body["size"]!.ToJsonString());
        if (body is null || size is < 10 or > 4096)
        {
            return Invalid("$.size: must be between 10 and 4096");
        }

        if (size < _volumes[at].Size)
        {
            return Problem(400, "a network volume cannot shrink");
        }

        _volumes[at] = _volumes[at] with { Name = body["name"]?.ToString() ?? _volumes[at].Name, Size = size };
        return OneVolume(id);
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
