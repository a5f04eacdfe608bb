using System.Collections.Immutable;
using Orchestrator.Simulation.Traces;

namespace Orchestrator.Simulation.CantBeLate;

/// <summary>The windows of one environment: which of them a figure is computed over.</summary>
public sealed class EnvironmentWindows
{
    private const int Picks = 30;

    private readonly ImmutableArray<(string Name, ReadOnlyMemory<byte> Json)> _files;

    private EnvironmentWindows(string environment, ImmutableArray<(string Name, ReadOnlyMemory<byte> Json)> files)
    {
        Environment = environment;
        _files = files;
    }

    public string Environment { get; }

    /// <summary>By the first folder of each file's path that names an environment: <c>cbl/ENVIRONMENT/...</c> or <c>ENVIRONMENT/...</c>.</summary>
    public static ImmutableSortedDictionary<string, EnvironmentWindows> Of(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files)
    {
        var groups = from file in files
                     let parts = file.Key.Split('/')
                     where parts.Length > 1
                     let environment = parts[0] == "cbl" && parts.Length > 2 ? parts[1] : parts[0]
                     group (file.Key, file.Value) by environment;
        return groups.ToImmutableSortedDictionary(g => g.Key, g => new EnvironmentWindows(g.Key, [.. g.OrderBy(f => f.Key, StringComparer.Ordinal)]), StringComparer.Ordinal);
    }

    /// <summary>The published choice: thirty files, evenly spaced in the order of their names, that reach the deadline.</summary>
    public ImmutableArray<AvailabilityTrace> Published(double deadlineSeconds)
    {
        var all = All(deadlineSeconds);
        return all.Length <= Picks ? all : [.. Enumerable.Range(0, Picks).Select(i => all[(int)Math.Round(i * (all.Length - 1) / (Picks - 1.0))])];
    }

    /// <summary>Every window that reaches the deadline.</summary>
    public ImmutableArray<AvailabilityTrace> All(double deadlineSeconds) =>
        [.. _files.Select(f => TraceReader.Read(f.Name, f.Json)).Where(t => t.Length * t.GapSeconds >= deadlineSeconds)];

    /// <summary>Different windows that begin in the second half of the time axis: what constants were not chosen on.</summary>
    public ImmutableArray<AvailabilityTrace> SecondHalf(double deadlineSeconds)
    {
        var all = All(0);
        var middle = all.IsEmpty ? 0 : (all.Min(t => t.Start) + all.Max(t => t.Start + t.Length)) / 2;
        return [.. all.Where(t => t.Start >= middle && t.Length * t.GapSeconds >= deadlineSeconds).DistinctBy(t => t.Start).OrderBy(t => t.Start)];
    }

    /// <summary>The first half of the time axis in one piece: what constants are chosen on.</summary>
    public bool[] FirstHalf()
    {
        var all = All(0);
        var (first, end) = (all.Min(t => t.Start), all.Max(t => t.Start + t.Length));
        var half = new bool[(first + end) / 2 - first];
        foreach (var trace in all)
        {
            for (var tick = 0; tick < trace.Length && trace.Start + tick - first < half.Length; tick++)
            {
                half[trace.Start + tick - first] = trace.Available[tick];
            }
        }

        return half;
    }
}
