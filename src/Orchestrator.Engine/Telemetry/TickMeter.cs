using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Telemetry;

/// <summary>Times ticks, and shows each as a span around the provider calls that it makes.</summary>
public static class TickMeter
{
    /// <summary>Name of the meter, and of the source of spans.</summary>
    public const string Name = "Orchestrator.Ticks";

    private static readonly ActivitySource _spans = new(Name);
    private static readonly Meter _meter = new(Name);
    private static readonly Histogram<double> _ticks = _meter.CreateHistogram<double>(
        "orchestrator.tick.duration", "s", "How long a tick of a job takes, effects included", null, new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    /// <summary>Null unless somebody collects spans.</summary>
    internal static Activity? Begin(JobId job) => _spans.StartActivity("tick")?.SetTag("job", job.Value);

    /// <param name="span">Of <see cref="Begin"/>.</param>
    /// <param name="took">From the lease to its release.</param>
    /// <param name="done">False = it was broken off by an error; the next one is its retry.</param>
    internal static void End(Activity? span, TimeSpan took, bool done)
    {
        _ticks.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", done ? "done" : "failed"));
        span?.SetStatus(done ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
    }
}
