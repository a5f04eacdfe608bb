using System.Text.Json.Nodes;

namespace Orchestrator.Drills.Weekend;

/// <summary>Our ledger beside the bills of the clouds.</summary>
internal sealed class WeekendBooks(WeekendWorld world)
{
    /// <summary>Everything is frozen, and published where it ever will be.</summary>
    public async Task<bool> AreSettledAsync(IEnumerable<long> jobs) => (await ReadAsync(jobs)).All(one => one.IsFrozen && (one.IsSettled || !one.Publishes));

    /// <summary>The instances of these jobs. One that passed from job to job is in the ledger of each, and on one bill.</summary>
    public async Task<IReadOnlyList<InstanceBooks>> ReadAsync(IEnumerable<long> jobs)
    {
        List<JsonNode> lines = [];
        foreach (var job in jobs)
        {
            lines.AddRange((await world.Server.Api.GetAsync($"cost?job={job}"))["instances"]!.AsArray().OfType<JsonNode>());
        }

        return [.. lines.GroupBy(line => (line["provider"]!.GetValue<string>(), line["instance"]!.GetValue<string>())).Select(of => Of(of.Key, [.. of]))];
    }

    private InstanceBooks Of((string Provider, string Instance) of, IReadOnlyList<JsonNode> lines)
    {
        var cloud = world.Clouds.All.FirstOrDefault(one => one.Name == of.Provider);
        var charged = lines.Select(line => line["charged"]?.GetValue<decimal>()).OfType<decimal>().ToList();
        return new(of.Provider, of.Instance)
        {
            Owners = lines.Count,
            Metered = lines.Sum(line => line["metered"]!.GetValue<decimal>()),
            IsFrozen = lines.All(line => line["frozen"]!.GetValue<bool>()),
            Charged = charged.Count > 0 ? charged.Sum() : null,
            IsSettled = lines.All(line => line["settled"]!.GetValue<bool>()),
            Publishes = cloud?.PublishesCharges == true,
            Bill = cloud?.Bills().FirstOrDefault(bill => bill.Id == of.Instance),
        };
    }
}
