using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators.Lambda;

/// <summary>What outlives machines: one region's, attached at a launch, and held until a while after the machine's end.</summary>
public sealed partial class LambdaEmulator
{
    private readonly List<(string Id, string Name, string Region, DateTimeOffset Created)> _fileSystems = [];

    private bool IsInUse(string fileSystem, DateTimeOffset now) => _machines.Exists(machine => machine.FileSystem?.Id == fileSystem && machine.HoldsUntil(Switches) is var until && (until is null || now < until));

    private JsonNode FileSystemRow((string Id, string Name, string Region, DateTimeOffset Created) one, DateTimeOffset now) => new JsonObject
    {
        ["id"] = one.Id, ["name"] = one.Name, ["mount_point"] = MountPoint(one.Name), ["created"] = one.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture),
        ["created_by"] = new JsonObject { ["id"] = "aa11", ["email"] = "user@example.com", ["status"] = "active" }, ["is_in_use"] = IsInUse(one.Id, now), ["region"] = Region(one.Region), ["bytes_used"] = 0,
    };

    private EmulatedAnswer AddFileSystem(JsonObject? body, DateTimeOffset now)
    {
        var (name, region) = (body?["name"]?.ToString() ?? "", body?["region"]?.ToString());
        if (!FileSystemName().IsMatch(name) || region is null || !Regions.Contains(region))
        {
            return Error(400, "global/invalid-parameters", "Invalid request data.");
        }

        if (_fileSystems.Exists(one => one.Name == name))
        {
            return Error(400, Switches.DuplicateCode, "The name is already used.");
        }

        _fileSystems.Add((NextId(), name, region, now));
        return Data(FileSystemRow(_fileSystems[^1], now));
    }

    private EmulatedAnswer RemoveFileSystem(string id, DateTimeOffset now)
    {
        if (!_fileSystems.Exists(one => one.Id == id))
        {
            return NoFileSystem(404);
        }

        if (IsInUse(id, now))
        {
            return Error(400, "filesystems/filesystem-in-use", "The filesystem is in use.");
        }

        _fileSystems.RemoveAll(one => one.Id == id);
        return Data(new JsonObject { ["deleted_ids"] = new JsonArray(id) });
    }

    private EmulatedAnswer? AgainstFileSystem(JsonObject body)
    {
        var (mounts, names) = (body["file_system_mounts"] as JsonArray ?? [], body["file_system_names"] as JsonArray ?? []);
        if (mounts.Count + names.Count > 1 || mounts.Any(mount => mount?["mount_point"]?.ToString() is not { Length: <= 256 } point || !MountedAt().IsMatch(point)))
        {
            return Error(400, "global/invalid-parameters", "Invalid request data.");
        }

        return mounts.Count + names.Count == 0 ? null
            : Wanted(body) is not { } wanted ? NoFileSystem(400)
            : _fileSystems.Find(one => one.Id == wanted.Id).Region == body["region_name"]!.ToString() ? null
            : Error(400, "instance-operations/launch/file-system-in-wrong-region", "The filesystem is in another region.");
    }

    /// <summary>By its name, or by its id with a place to mount it; null = none that is there.</summary>
    private (string Id, string Name, string MountPoint)? Wanted(JsonObject body)
    {
        var (mount, name) = ((body["file_system_mounts"] as JsonArray)?.FirstOrDefault(), (body["file_system_names"] as JsonArray)?.FirstOrDefault()?.ToString());
        var found = _fileSystems.FindIndex(one => mount is null ? one.Name == name : one.Id == mount["file_system_id"]?.ToString());
        return found < 0 ? null : (_fileSystems[found].Id, _fileSystems[found].Name, mount?["mount_point"]?.ToString() ?? MountPoint(_fileSystems[found].Name));
    }

    private EmulatedAnswer NoFileSystem(int status) => Error(status, "global/object-does-not-exist", "Filesystem was not found.");

    private static string MountPoint(string name) => $"/lambda/nfs/{name}";

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,59}\z")]
    private static partial Regex FileSystemName();

    [GeneratedRegex(@"^/(home|lambda/nfs|data)(/[^/]+)*\z")]
    private static partial Regex MountedAt();
}
