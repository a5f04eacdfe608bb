using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What there is, and of whom.</summary>
public sealed partial class RunPodEmulator
{
    private static readonly string[] _onlyWithStock = ["count", "cloud", "countryCodes", "cudaVersions", "minCudaVersion"];

    private EmulatedAnswer Catalog(EmulatedRequest request, string? id)
    {
        var (include, product) = (request.Query.GetValueOrDefault("include"), request.Query.GetValueOrDefault("product"));
        if ((include is null) != (product is null) || (include is null && _onlyWithStock.Any(request.Query.ContainsKey)))
        {
            return Problem(400, "include=AVAILABILITY and product go together; the other parameters need both");
        }

        var count = Number(request.Query.GetValueOrDefault("count") ?? "1");
        var cloud = request.Query.GetValueOrDefault("cloud") ?? "SECURE";
        var (countries, versions, least) = (Words("countryCodes"), Words("cudaVersions"), request.Query.GetValueOrDefault("minCudaVersion"));
        if (include is not (null or "AVAILABILITY") || Words("product")?.All(one => one is "POD" or "CLUSTER" or "SERVERLESS") == false || count < 1 || cloud is not ("SECURE" or "COMMUNITY")
            || countries?.All(one => Country().IsMatch(one)) == false || versions?.All(one => CudaVersion().IsMatch(one)) == false || (least is not null && !CudaVersion().IsMatch(least)))
        {
            return Invalid("$: malformed query");
        }

        if (versions is not null && least is not null)
        {
            return Problem(400, "cudaVersions and minCudaVersion exclude each other");
        }

        var rows = _cards.Where(card => id is null || card.Id == id).Select(card => CardRow(card, include is not null, cloud, count, Counts)).ToList();
        return id is null ? EmulatedAnswer.Json(new JsonObject { ["gpus"] = new JsonArray([.. rows, UnknownRow(include is not null)]) })
            : rows.Count > 0 ? EmulatedAnswer.Json(rows[0])
            : Missing("gpu type");

        string[]? Words(string name) => request.Query.GetValueOrDefault(name)?.Split(',');

        bool Counts(RunPodHost host) => countries?.Contains(host.Land) != false && versions?.Contains(host.Cuda) != false && (least is null || Version.Parse(host.Cuda) >= Version.Parse(least));
    }

    private JsonNode CardRow(RunPodCardEntry card, bool withStock, string cloud, int count, Func<RunPodHost, bool> counts)
    {
        var hosts = _hosts.Where(host => host.Gpu == card.Id).ToList();
        var row = new JsonObject
        {
            ["id"] = card.Id, ["name"] = card.Name, ["pool"] = null, ["manufacturer"] = card.Manufacturer, ["memory"] = card.Memory,
            ["secure"] = hosts.Exists(host => host.Secure), ["community"] = hosts.Exists(host => !host.Secure),
            ["price"] = new JsonObject { ["secure"] = card.Secure, ["community"] = card.Community },
            ["maxCount"] = new JsonObject { ["secure"] = Most(hosts, true), ["community"] = Most(hosts, false) },
        };
        if (!withStock)
        {
            return row;
        }

        var all = hosts.Where(host => host.Cloud == cloud).ToList();
        var here = all.Where(counts).ToList();
        row["availability"] = Stock(here, count);
        var centers = here.Where(host => host.DataCenter is not null && Free(host) >= count).GroupBy(host => host.DataCenter!).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (centers.Count > 0)
        {
            row["dataCenters"] = new JsonArray([.. centers.Select(center => (JsonNode)new JsonObject { ["id"] = center.Key, ["name"] = center.Key, ["availability"] = Stock([.. center], count) })]);
        }

        if (card.Manufacturer == "NVIDIA")
        {
            row["cudaVersions"] = new JsonArray([.. all.GroupBy(host => host.Cuda).OrderByDescending(group => Version.Parse(group.Key))
                .Select(group => (JsonNode)new JsonObject { ["version"] = group.Key, ["available"] = group.Any(host => counts(host) && Free(host) >= count) })]);
        }

        return row;
    }

    /// <summary>An entry that nobody can rent; it was seen.</summary>
    private static JsonObject UnknownRow(bool withStock)
    {
        var row = new JsonObject
        {
            ["id"] = "unknown", ["name"] = "unknown", ["pool"] = null, ["manufacturer"] = "UNKNOWN", ["memory"] = 0, ["secure"] = false, ["community"] = false,
            ["price"] = new JsonObject { ["secure"] = 0, ["community"] = 0 }, ["maxCount"] = new JsonObject { ["secure"] = 0, ["community"] = 0 },
        };
        if (withStock)
        {
            row["availability"] = "NONE";
        }

        return row;
    }

    private EmulatedAnswer DataCenters() => EmulatedAnswer.Json(new JsonObject
    {
        ["dataCenters"] = new JsonArray([.. _hosts.Select(host => host.DataCenter).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .Select(center => (JsonNode)new JsonObject { ["id"] = center, ["name"] = center, ["region"] = "UNKNOWN", ["globalNetwork"] = false, ["networkVolumeTypes"] = new JsonArray("STANDARD"), ["compliance"] = new JsonArray() })]),
    });

    private static int Most(List<RunPodHost> hosts, bool secure) => hosts.Where(host => host.Secure == secure).Select(host => host.Gpus).DefaultIfEmpty(0).Max();

    private string Stock(List<RunPodHost> hosts, int count) => hosts.Sum(host => Math.Max(0, Free(host)) / count) switch
    {
        0 => "NONE",
        1 or 2 => "LOW",
        < 6 => "MEDIUM",
        _ => "HIGH",
    };

    [GeneratedRegex(@"^[A-Z]{2}\z")]
    private static partial Regex Country();

    /// <summary>Of no more digits than a number of a version has.</summary>
    [GeneratedRegex(@"^[0-9]{1,9}\.[0-9]{1,9}\z")]
    private static partial Regex CudaVersion();

    /// <summary>A stopped pod's cards are anybody's.</summary>
    private int Free(RunPodHost host) => host.Gpus - host.Taken - _pods.Values.Where(pod => pod.Host.Id == host.Id && !pod.IsHalted).Sum(pod => pod.Gpus);
}
