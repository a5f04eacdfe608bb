using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Telemetry;

/// <summary>
/// Tells the figures of the books as gauges. They are read when somebody asks, at most once in some seconds, outside of every tick; books that
/// cannot be read tell nothing, rather than what was true once.
/// </summary>
public sealed class BookMeter : IDisposable
{
    public const string Name = "Orchestrator.Books";

    /// <summary>The instrument that has a series for each job.</summary>
    public const string OfJobs = "orchestrator.checkpoint.age";

    /// <summary>Of a collector that pushes at intervals the figures are one interval old: nobody waits for it.</summary>
    private static readonly TimeSpan _oldest = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private static readonly JobPhase[] _phases = [.. Enum.GetValues<JobPhase>().Where(phase => phase != JobPhase.None)];

    private readonly Func<CancellationToken, Task<BookFigures>> _read;
    private readonly TimeProvider _time;
    private readonly ILogger<BookMeter> _log;
    private readonly Meter _meter = new(Name);
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private BookFigures? _figures;
    private long? _readAt;

    public BookMeter(Func<CancellationToken, Task<BookFigures>> read, TimeProvider time, ILogger<BookMeter> log)
    {
        (_read, _time, _log) = (read, time, log);
        _meter.CreateObservableGauge("orchestrator.books.readable", () => Latest() is null ? 0 : 1, null, "Whether the other figures could be read from the database");
        Gauge("orchestrator.jobs", null, "Jobs by state", books => _phases.Select(phase => new Measurement<double>(books.Jobs.GetValueOrDefault(phase), Tag("state", Kebab(phase)))));
        Gauge(OfJobs, "s", "Training that would be lost with the host: since the newest durable checkpoint, or since this attempt began to train", books =>
            books.AtRisk.Select(job => new Measurement<double>(job.Unsaved.TotalSeconds, Tag("job_id", job.Job), Tag("name", job.Name))));
        Gauge("orchestrator.cost.dollars_per_hour", null, "What all that is rented now costs an hour, by our books", books =>
            books.Money.Select(money => new Measurement<double>((double)money.PerHour.Dollars, Tag("provider", money.Provider))));
        Gauge("orchestrator.spent.dollars", null, "What all attempts have cost so far, by our books", books =>
            books.Money.Select(money => new Measurement<double>((double)money.Spent.Dollars, Tag("provider", money.Provider))));
        Gauge("orchestrator.leaks", null, "Instances that should not be there: with our label and nobody's, or long overdue to be destroyed", books =>
            books.Leaks.SelectMany(leaks => (Measurement<double>[])
            [
                new(leaks.Unowned, Tag("provider", leaks.Provider), Tag("kind", "unowned")), new(leaks.Undestroyed, Tag("provider", leaks.Provider), Tag("kind", "undestroyed")),
            ]));
        Gauge("orchestrator.first_step", "s", "From the create call to the first step, attempts of the last seven days", books =>
            books.FirstSteps.SelectMany(first => (Measurement<double>[])
            [
                new(first.Median.TotalSeconds, Tag("provider", first.Provider), Tag("quantile", "0.5")), new(first.Slow.TotalSeconds, Tag("provider", first.Provider), Tag("quantile", "0.9")),
            ]));
        Gauge("orchestrator.first_step.attempts", null, "Attempts of the last seven days that came to their first step", books =>
            books.FirstSteps.Select(first => new Measurement<double>(first.Attempts, Tag("provider", first.Provider))));
        Gauge("orchestrator.alerts", null, "Open alerts by kind", books => books.Alerts.Select(alert => new Measurement<double>(alert.Value, Tag("kind", alert.Key))));
        Gauge("orchestrator.sweep.age", "s", "Since a sweep ran to its end", books => Age(books.Swept));
        Gauge("orchestrator.sweep.complete.age", "s", "Since a sweep saw all that every provider holds", books => Age(books.SweptAll));
        Gauge("orchestrator.tick.overdue", "s", "By how much the tick is late that waits longest", books => Age(books.Overdue));
    }

    /// <summary>Reads the books unless that was done a moment ago. A scrape waits for it, for some seconds.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            await Reading().WaitAsync(_limit, _time, cancellation);
        }
        catch (TimeoutException)
        {
            // It goes on; what is asked meanwhile hears of the books as they were, or that they cannot be read.
        }
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Null = they could not be read.</summary>
    private BookFigures? Latest()
    {
        _ = Reading();
        lock (_gate)
        {
            return _readAt is { } at && _time.GetElapsedTime(at) <= _oldest ? _figures : null;
        }
    }

    /// <summary>Never more than one at a time, however many ask.</summary>
    private Task Reading()
    {
        lock (_gate)
        {
            if (_reading.IsCompleted && (_readAt is not { } at || _time.GetElapsedTime(at) >= _fresh))
            {
                _reading = ReadAsync();
            }

            return _reading;
        }
    }

    private async Task ReadAsync()
    {
        // Off the lock, and off the thread that asked.
        await Task.Yield();
        BookFigures? figures = null;
        try
        {
            figures = await _read(CancellationToken.None);
        }
        catch (Exception away)
        {
            _log.LogWarning("the books cannot be read for metrics: {Words}", away.Message);
        }

        lock (_gate)
        {
            (_figures, _readAt) = (figures, _time.GetTimestamp());
        }
    }

    private void Gauge(string name, string? unit, string description, Func<BookFigures, IEnumerable<Measurement<double>>> of) =>
        _meter.CreateObservableGauge(name, () => Latest() is { } books ? of(books) : [], unit, description);

    private static IEnumerable<Measurement<double>> Age(TimeSpan? age) => age is { } known ? [new(known.TotalSeconds)] : [];

    private static KeyValuePair<string, object?> Tag(string key, object value) => new(key, value);

    private static string Kebab(JobPhase phase) => string.Concat(phase.ToString().Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
