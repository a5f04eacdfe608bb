using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>The JSON schema of the spec (draft 2020-12), for editors. Built from the field registry; the reader stays the judge.</summary>
public static class SpecSchema
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Expression = @"\$\{\{.*\}\}";

    /// <summary>The schema as indented JSON, ending with a line break.</summary>
    public static string Json()
    {
        var root = ObjectOf("");
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root.Insert(1, "title", "Orchestrator job spec, version 1");
        root["allOf"] = new JsonArray(new JsonObject
        {
            ["not"] = new JsonObject { ["required"] = new JsonArray("run", "command") },
        });
        return root.ToJsonString(Format) + "\n";
    }

    private static JsonObject ObjectOf(string path)
    {
        var properties = new JsonObject();
        foreach (var field in FieldRegistry.ChildrenOf(path))
        {
            properties[field.Name] = FieldOf(field);
            if (field.Name.Contains('-', StringComparison.Ordinal))
            {
                // Accepted as well, so an editor must not underline it.
                properties[field.Name.Replace('-', '_')] = FieldOf(field);
            }
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = properties.Count == 0 };
    }

    private static JsonObject FieldOf(FieldInfo field)
    {
        var shapes = field.Type.Split('|').GroupBy(type => type[0] == '\'').SelectMany(group => group.Key
            ? [Words(group.Select(type => type.Trim('\'')))]
            : group.Select(type => Shape(field, type))).ToList();
        var node = shapes.Count == 1 ? shapes[0] : new JsonObject { ["anyOf"] = new JsonArray([.. shapes]) };
        node["description"] = field.Description + (field.Default.Length == 0 ? "" : $" Default: {field.Default}.")
            + (field.Landed ? "" : " Not available yet.");
        return node;
    }

    private static JsonObject Words(IEnumerable<string> words)
    {
        // Editors see YAML's 1 as a number, as the parser of the schema does.
        var list = words.ToList();
        return list is ["1"] ? new JsonObject { ["const"] = 1 } : new JsonObject { ["enum"] = new JsonArray([.. list.Select(word => (JsonNode)word)]) };
    }

    private static JsonObject Shape(FieldInfo field, string type) => type switch
    {
        "object" => field.Path == "strategy.matrix" ? MapOf(new JsonObject { ["type"] = "array" }) : ObjectOf(ObjectPath(field)),
        "list" => new JsonObject { ["type"] = "array", ["items"] = FieldRegistry.Find(field.Path + "[]") is { } item ? FieldOf(item) : new JsonObject() },
        "map" => MapOf(Scalar()),
        "bool" => new JsonObject { ["type"] = "boolean" },
        "int" or "port" => Either("integer", "^-?[0-9]+$"),
        "slug" => Pattern("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"),
        "path" => Pattern("^/.+"),
        "size" => Pattern(@"^[0-9.]+ *([KMGT]i?)?B?$"),
        "size-range" => Pattern(@"^([0-9.]+ *([KMGT]i?)?B?)?(\.\.([0-9.]+ *([KMGT]i?)?B?)?)?$"),
        "count-range" => Either("integer", @"^[0-9]+(\.\.[0-9]*)?$"),
        "capability-range" => Either("number", @"^([0-9.]+)?(\.\.([0-9.]+)?)?$"),
        "cuda" => Either("number", @"^(>=)? *[0-9]+(\.[0-9]+)?$"),
        "duration" => Pattern("^([0-9.]+d)?([0-9.]+h)?([0-9.]+m)?([0-9.]+s)?$"),
        "money" => Either("number", @"^\$?[0-9.]+(/h)?$"),
        "percent" => Either("number", "^[0-9.]+ *%?$"),
        "bandwidth" => Either("number", "^[0-9.]+ *([MG]bps)?$"),
        "signal" => Pattern("^(SIG)?[A-Z0-9]+$"),
        "time" => new JsonObject { ["type"] = "string" },
        "text" => Scalar(),
        _ => throw new InvalidOperationException($"field {field.Path} has the unknown type {type}"),
    };

    // The one-mapping spelling of a list (resources.gpu) has the fields of the list's items.
    private static string ObjectPath(FieldInfo field) => FieldRegistry.ChildrenOf(field.Path).Any() ? field.Path : field.Path + "[]";

    private static JsonObject Scalar() => new() { ["type"] = new JsonArray("string", "number", "boolean", "null") };

    private static JsonObject MapOf(JsonObject values) => new() { ["type"] = "object", ["additionalProperties"] = values };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = $"{pattern}|{Expression}" };

    private static JsonObject Either(string type, string pattern) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = type }, Pattern(pattern)) };
}
