using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators.Lambda;

/// <summary>Renting.</summary>
public sealed partial class LambdaEmulator
{
    private static readonly string[] _fields =
    [
        "region_name", "instance_type_name", "ssh_key_names", "name", "hostname", "image", "user_data", "tags", "file_system_names", "file_system_mounts", "firewall_rulesets", "quantity",
    ];

    private EmulatedAnswer Launch(JsonObject? body, DateTimeOffset now, LambdaFault? fault)
    {
        if (Against(body) is { } refusal)
        {
            return refusal;
        }

        var type = _types[body!["instance_type_name"]!.ToString()];
        var count = Count(body);
        if (fault == LambdaFault.NoCapacity || Free(type, body["region_name"]!.ToString()) < count)
        {
            return Error(400, "instance-operations/launch/insufficient-capacity", "Not enough capacity to fulfill launch request.", "Choose an instance type with more availability, or try again later.");
        }

        return Data(new JsonObject { ["instance_ids"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => (JsonNode)Boot(type, body, now, fault).Id)]) });
    }

    private LambdaMachine Boot(LambdaTypeEntry type, JsonObject body, DateTimeOffset now, LambdaFault? fault)
    {
        var machine = new LambdaMachine(NextId(), type, body.DeepClone().AsObject(), now) { NeverBoots = fault == LambdaFault.NeverBoots, FileSystem = Wanted(body) };
        _machines.Add(machine);
        if (!machine.NeverBoots)
        {
            backend?.Start(machine.Id, new MachineOrder(body["user_data"]?.ToString() ?? "", _keys.Find(key => key.Name == body["ssh_key_names"]![0]!.ToString()).Key)
            {
                IsSilent = fault == LambdaFault.NoSsh || !IsOpen(22),
                IsUserInDockerGroup = Switches.UserInDockerGroup,
                IsDriverOld = fault == LambdaFault.OldDriver,
                IsCardDead = fault == LambdaFault.DeadCard,
                IsCudaDead = fault == LambdaFault.DeadCuda,
            });
        }

        return machine;
    }

    /// <summary>Null is one; what is no whole number is none.</summary>
    private static int Count(JsonObject body) => body["quantity"] is not { } quantity ? 1 : int.TryParse(quantity.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>Nulls and empty lists are as if they were not there.</summary>
    private EmulatedAnswer? Against(JsonObject? body)
    {
        var keys = (body?["ssh_key_names"] as JsonArray ?? []).Select(key => key?.ToString()).ToList();
        var tags = body?["tags"] as JsonArray ?? [];
        var isWrong = body is null || keys.Count != 1 || body["region_name"] is null || body["instance_type_name"] is null || body["name"]?.ToString().Length > 64
            || Count(body) < 1 || (Switches.RefusesQuantity && Count(body) > 1)
            || tags.Any(tag => !TagKey().IsMatch(tag?["key"]?.ToString() ?? "") || tag!["key"]!.ToString().StartsWith("lambda-ai-", StringComparison.Ordinal) || tag["value"]?.ToString().Length > 128)
            || (Switches.RefusesUnknownFields && body.Any(pair => !_fields.Contains(pair.Key))) || body["user_data"]?.ToString().Length > 1 << 20;
        return isWrong ? Error(400, "global/invalid-parameters", "Invalid request data.")
            : !_keys.Exists(key => key.Name == keys[0]) ? Error(Switches.MissingKeyIs400 ? 400 : 404, "global/object-does-not-exist", "Specified SSH key does not exist.")
            : !_types.TryGetValue(body!["instance_type_name"]!.ToString(), out var type) ? Error(400, "global/invalid-parameters", "Unknown instance type.")
            : !Regions.Contains(body["region_name"]!.ToString()) ? Error(400, "global/invalid-parameters", "Unknown region.")
            : AgainstImage(body, type) ?? AgainstFileSystem(body);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9:-]{1,54}\z")]
    private static partial Regex TagKey();
}
