using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>The grammar of searches: columns with operators, all of which must hold; some columns mean others.</summary>
internal static class VastQuery
{
    private static readonly HashSet<string> _settings = ["order", "type", "limit", "allocated_storage", "disable_bundling"];

    private static readonly Dictionary<string, string> _aliases = new()
    {
        ["reliability2"] = "reliability", ["dphtotal"] = "dph_total", ["gpu_totalram"] = "gpu_total_ram", ["ubuntu_version"] = "os_version", ["driver_version"] = "driver_vers",
        ["target_reliability"] = "expected_reliability",
    };

    private static readonly HashSet<string> _computed = ["dph_total", "num_gpus", "duration", "ports", "search", "instance"];

    private static readonly Comparer<JsonNode?> _byValue = Comparer<JsonNode?>.Create((one, other) =>
        Number(one) is { } left && Number(other) is { } right ? left.CompareTo(right) : string.CompareOrdinal(one?.ToString(), other?.ToString()));

    private static readonly HashSet<string> _operators = ["eq", "neq", "gt", "gte", "lt", "lte", "in", "notin"];

    /// <exception cref="FormatException">With the API's words for it.</exception>
    public static List<JsonObject> Apply(IEnumerable<JsonObject> rows, JsonObject query, DateTimeOffset now, VastSwitches switches)
    {
        var conditions = query.Where(pair => !_settings.Contains(pair.Key)).Select(pair => (Column: pair.Key, Tests: pair.Value as JsonObject ?? throw new FormatException($"{pair.Value?.ToJsonString()} is not a valid search op"))).ToList();
        if (switches.AddsSearchDefaults && !conditions.Exists(condition => condition.Column is "verified" or "rentable" or "rented"))
        {
            // What is rented is in no search anyway.
            conditions.Add(("verified", new JsonObject { ["eq"] = true }));
        }

        if (conditions.SelectMany(condition => condition.Tests).FirstOrDefault(test => !_operators.Contains(test.Key)).Key is { } unknown)
        {
            throw new FormatException($"{unknown} is not a valid search op");
        }

        var storage = query["allocated_storage"]?.GetValue<double>() ?? 8;
        var kept = rows.Where(row => Number(row["disk_space"]) >= storage && conditions.All(condition => condition.Tests.All(test => (switches.FiltersLeak && test.Key is ("gt" or "gte" or "lt" or "lte")) || Holds(row, condition.Column, test.Key, test.Value, now)))).ToList();
        var order = (query["order"] as JsonArray)?.OfType<JsonArray>().ToList() ?? [new JsonArray("score", "desc")];
        IOrderedEnumerable<JsonObject> sorted = kept.OrderBy(_ => 0);
        foreach (var key in order)
        {
            var (column, descends) = (key[0]!.GetValue<string>(), key.Count > 1 && key[1]!.GetValue<string>() == "desc");
            sorted = sorted.ThenBy(row => (descends ? -1 : 1) * (Number(row[column]) ?? 0));
        }

        var limit = query["limit"]?.GetValue<int>() ?? switches.SearchRows;
        return [.. sorted.Take(Math.Min(limit, switches.SearchRows))];
    }

    /// <summary>Instances by <c>select_filters</c>, in the order of <c>order_by</c>. What is computed cannot be filtered by.</summary>
    /// <exception cref="FormatException">With the API's words for it.</exception>
    public static IEnumerable<JsonObject> Listed(IEnumerable<JsonObject> rows, JsonObject? filters, JsonNode? order, DateTimeOffset now)
    {
        var kept = rows;
        foreach (var (column, tests) in filters ?? [])
        {
            if (_computed.Contains(column) || tests is not JsonObject conditions || conditions.Any(test => !_operators.Contains(test.Key)))
            {
                throw new FormatException($"error 400/1782: Invalid args: select_filters: {column}");
            }

            kept = kept.Where(row => conditions.All(test => column == "id" ? Compare(row["id"], test.Key, test.Value) : Holds(row, column, test.Key, test.Value, now)));
        }

        IOrderedEnumerable<JsonObject> sorted = kept.OrderBy(_ => 0);
        foreach (var key in (order as JsonArray ?? []).OfType<JsonObject>())
        {
            var column = key["col"]?.GetValue<string>() ?? "id";
            sorted = key["dir"]?.GetValue<string>() == "desc" ? sorted.ThenByDescending(row => row[column], _byValue) : sorted.ThenBy(row => row[column], _byValue);
        }

        return sorted.ThenBy(row => row["id"], _byValue);
    }

    private static bool Holds(JsonObject row, string column, string test, JsonNode? wanted, DateTimeOffset now)
    {
        switch (column)
        {
            // The row's own id finds nothing; only the other name of it does.
            case "id":
                return false;
            case "verified":
                return Compare(JsonValue.Create(Number(row["vericode"]) == 1), test, wanted);
            case "datacenter":
                return Compare(JsonValue.Create(Number(row["hosting_type"]) == 1), test, wanted);
            case "external":
                return Compare(JsonValue.Create(row["external"] is JsonValue known && known.TryGetValue<bool>(out var external) && external), test, wanted);
            case "duration":
                return Compare(JsonValue.Create((Number(row["end_date"]) ?? 0) - now.ToUnixTimeSeconds()), test, wanted);
            case "geolocation":
                return Compare(JsonValue.Create((row["geolocation"]?.GetValue<string>() ?? "").Split(',')[^1].Trim()), test, wanted);
            default:
                return Compare(row[_aliases.GetValueOrDefault(column, column)], test, wanted);
        }
    }

    private static bool Compare(JsonNode? have, string test, JsonNode? wanted) => test switch
    {
        "eq" => Same(have, wanted),
        "neq" => !Same(have, wanted),
        "in" => wanted is JsonArray some && some.Any(one => Same(have, one)),
        "notin" => wanted is JsonArray none && !none.Any(one => Same(have, one)),
        "gt" => Number(have) > Number(wanted),
        "gte" => Number(have) >= Number(wanted),
        "lt" => Number(have) < Number(wanted),
        _ => Number(have) <= Number(wanted),
    };

    private static bool Same(JsonNode? one, JsonNode? other) => Number(one) is { } number ? number == Number(other) : JsonNode.DeepEquals(one, other);

    internal static double? Number(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;
}
