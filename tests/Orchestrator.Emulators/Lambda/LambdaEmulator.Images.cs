using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Lambda;

/// <summary>What machines can be made of: each family once for each region and processor.</summary>
public sealed partial class LambdaEmulator
{
    private static readonly (string Family, string Name)[] _families = [("lambda-stack-24-04", "Lambda Stack 24.04"), ("gpu-base-22-04", "GPU Base 22.04")];

    private IEnumerable<(string Region, string Architecture, string Family, string Name)> Images =>
        from region in Regions
        from architecture in _types.Values.Select(ArchitectureOf).Distinct()
        from family in _families
        select (region, architecture, family.Family, family.Name);

    private static string ArchitectureOf(LambdaTypeEntry type) => type.Architecture ?? "x86_64";

    private static JsonNode ImageRow((string Region, string Architecture, string Family, string Name) image) => new JsonObject
    {
        ["id"] = IdOf(image), ["created_time"] = "2026-09-01T09:00:00+00:00", ["updated_time"] = "2026-09-01T09:00:00+00:00", ["name"] = image.Name, ["description"] = $"{image.Name} ({image.Architecture})",
        ["family"] = image.Family, ["version"] = "1.0.0", ["architecture"] = image.Architecture, ["region"] = Region(image.Region),
    };

    /// <summary>Another in each region.</summary>
    private static string IdOf((string Region, string Architecture, string Family, string Name) image) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Region}/{image.Architecture}/{image.Family}")))[..32];

    /// <summary>One that is named must be there for the region and the processor; without one the newest Lambda Stack is taken.</summary>
    private EmulatedAnswer? AgainstImage(JsonObject body, LambdaTypeEntry type)
    {
        if (body["image"] is not { } wanted)
        {
            return null;
        }

        var (id, family) = wanted is JsonObject named ? (named["id"]?.ToString(), named["family"]?.ToString()) : (null, null);
        return (id is null) == (family is null) ? Error(400, "global/invalid-parameters", "Invalid request data.")
            : Images.Any(one => one.Region == body["region_name"]!.ToString() && one.Architecture == ArchitectureOf(type) && (one.Family == family || IdOf(one) == id)) ? null
            : Error(400, "global/object-does-not-exist", "Image was not found.");
    }
}
