using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Store;

/// <summary>Metrics as channels keep them: bounded, since a host sends what it likes.</summary>
internal static class HostMetrics
{
    // An agent sends 16, and those that the spec's condition names.
    private const int Most = 24;
    private const int LongestName = 64;

    public static string? Write(ImmutableSortedDictionary<string, double>? metrics) => metrics is null ? null
        : JsonSerializer.Serialize(metrics.Where(metric => double.IsFinite(metric.Value) && metric.Key.Length <= LongestName).Take(Most).ToDictionary());

    public static string? Write(ImmutableSortedDictionary<string, OddMetric>? metrics) => metrics is not { IsEmpty: false } ? null
        : JsonSerializer.Serialize(metrics.Where(metric => metric.Value is not null && metric.Key.Length <= LongestName).Take(Most).ToDictionary());

    public static ImmutableSortedDictionary<string, double>? Read(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<ImmutableSortedDictionary<string, double>>(json);

    public static ImmutableSortedDictionary<string, OddMetric>? ReadNotFinite(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<ImmutableSortedDictionary<string, OddMetric>>(json);
}
