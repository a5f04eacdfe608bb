using System.Globalization;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.VastAi;

/// <summary>What instances have cost, read back. Amounts are rounded to a tenth of a cent and come some time after the use.</summary>
internal sealed class VastCharges(VastApi api)
{
    private const string Source = "instance-";

    public async Task<IReadOnlyList<InstanceCharge>> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        // Without a range of days the API refuses.
        var filter = string.Create(CultureInfo.InvariantCulture, $$$"""{"day":{"gte":{{{from.ToUnixTimeSeconds()}}},"lte":{{{to.ToUnixTimeSeconds()}}}},"type":{"in":["instance"]}}""");
        var rows = await api.AllPagesAsync(
            $"api/v0/charges/?select_filters={Uri.EscapeDataString(filter)}&format=table&latest_first=true&limit=500", "results", "total",
            path => new ApiCall(HttpMethod.Get, path) { Lanes = VastLanes.Charges }, cancellation);
        return [.. rows.Select(Read).OfType<InstanceCharge>()];
    }

    /// <returns>Null: it is of no instance, or names no amount.</returns>
    private static InstanceCharge? Read(ApiFields row)
    {
        if (row["source"].Text is not { } source || !source.StartsWith(Source, StringComparison.Ordinal) || row["amount"].Dollars is not { } total)
        {
            return null;
        }

        return new InstanceCharge
        {
            InstanceId = source[Source.Length..],
            From = row["start"].Time,
            To = row["end"].Time,
            Total = total,
            Compute = Part(row, "gpu"),
            Disk = Part(row, "disk"),
            Down = Part(row, "bwd"),
            Up = Part(row, "bwu"),
        };
    }

    private static Money Part(ApiFields row, string type) =>
        row["items"].Items.Where(item => item["type"].Text == type).Aggregate(Money.Zero, (sum, item) => sum + (item["amount"].Dollars ?? Money.Zero));
}
