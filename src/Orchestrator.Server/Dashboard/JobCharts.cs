using System.Collections.Immutable;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>A job's curves over time, its attempts as bands.</summary>
internal static class JobCharts
{
    internal static IEnumerable<Chart> Of(JobDetails job, ImmutableArray<ProgressSample> samples, DateTimeOffset now)
    {
        if (samples.Length < 2)
        {
            yield break;
        }

        ImmutableArray<ChartBand> bands =
        [
            .. job.Attempts.Where(attempt => (attempt.To ?? now) > samples[0].At)
                .Select(attempt => new ChartBand(Seconds(attempt.From), Seconds(attempt.To ?? now), $"attempt {attempt.Number}")),
        ];
        yield return Make(
            "Progress", samples, bands, new ChartLine("step", Values(samples, sample => sample.Step)),
            $"From step {Say.Count(samples[0].Step)} to step {Say.Count(samples[^1].Step)} in {Say.For(samples[^1].At - samples[0].At)}, over {bands.Length} attempt{(bands.Length == 1 ? "" : "s")}.") with
        { FromZero = true };
        if (Metric(samples) is { } metric)
        {
            var values = samples.Where(sample => sample.Metrics.ContainsKey(metric)).Select(sample => sample.Metrics[metric]).ToList();
            if (values.Count > 1)
            {
                yield return Make(
                    Clean.Line(metric, 40), samples, bands, new ChartLine(Clean.Line(metric, 40), Values(samples, sample => sample.Metrics.TryGetValue(metric, out var value) ? value : null)),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"From {values[0]:0.####} to {values[^1]:0.####}; lowest {values.Min():0.####}."));
            }
        }
    }

    /// <summary>The loss, or the first metric whose name has it; else the first there is.</summary>
    private static string? Metric(ImmutableArray<ProgressSample> samples)
    {
        var names = samples.SelectMany(sample => sample.Metrics.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return names.Find(name => name == "loss") ?? names.Find(name => name.Contains("loss", StringComparison.OrdinalIgnoreCase)) ?? names.FirstOrDefault();
    }

    private static Chart Make(string title, ImmutableArray<ProgressSample> samples, ImmutableArray<ChartBand> bands, ChartLine line, string summary) =>
        new(title, summary, "", Broken(samples, [.. samples.Select(sample => Seconds(sample.At))], at => at), [line]) { Bands = bands };

    private static ImmutableArray<double?> Values(ImmutableArray<ProgressSample> samples, Func<ProgressSample, double?> of) => Broken(samples, [.. samples.Select(of)], _ => null);

    /// <summary>With one more between two attempts: nothing was trained there, so no line joins them.</summary>
    private static ImmutableArray<T> Broken<T>(ImmutableArray<ProgressSample> samples, ImmutableArray<T> all, Func<T, T> between)
    {
        var broken = ImmutableArray.CreateBuilder<T>();
        for (var at = 0; at < all.Length; at++)
        {
            if (at > 0 && samples[at].Attempt != samples[at - 1].Attempt)
            {
                broken.Add(between(all[at - 1]));
            }

            broken.Add(all[at]);
        }

        return broken.ToImmutable();
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
}
