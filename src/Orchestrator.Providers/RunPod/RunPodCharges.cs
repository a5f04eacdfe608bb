using System.Globalization;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.RunPod;

/// <summary>What pods have cost, read back. Buckets in which nothing was spent are left out.</summary>
internal sealed class RunPodCharges(RunPodApi api)
{
    private static readonly TimeSpan _fine = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<InstanceCharge>> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var bucket = to - from <= _fine ? "hour" : "day";
        var call = new ApiCall(HttpMethod.Get, $"v2/billing/pods?startTime={Instant(from)}&endTime={Instant(to)}&bucketSize={bucket}") { Lanes = RunPodLanes.All };
        var answer = await api.AskAsync(call, cancellation);
        var rows = answer.Fields["records"].IsArray ? answer.Fields["records"].Items.ToList() : throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: the answer has no records: {answer.Words}");
        return answer.Fields["metadata"]["recordCount"].Whole is { } count && count > rows.Count
            ? throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: it shows {rows.Count} records of {count}")
            : [.. rows.Select(Read).OfType<InstanceCharge>()];
    }

    /// <returns>Null: it is of no pod, or names no amount.</returns>
    private static InstanceCharge? Read(ApiFields row) => row["podId"].Text is not { Length: > 0 } pod || row["totalAmount"].Dollars is not { } total
        ? null
        : new InstanceCharge
        {
            InstanceId = pod,
            From = row["startTime"].Time,
            To = row["endTime"].Time,
            Total = total,
            Compute = (row["gpuAmount"].Dollars ?? Money.Zero) + (row["cpuAmount"].Dollars ?? Money.Zero),
            Disk = row["diskAmount"].Dollars ?? Money.Zero,
        };

    private static string Instant(DateTimeOffset time) => Uri.EscapeDataString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
