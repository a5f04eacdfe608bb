using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Telemetry;

/// <summary>
/// Tells the figures of the books as gauges, in Prometheus' text format. They are read when somebody asks, at most once in some seconds, outside
/// of every tick; books that cannot be read tell nothing, rather than what was true once. No instruments of .NET's: what collects those goes on
/// telling the last value of a job that has ended, and of leaks that nobody could look for.
/// </summary>
public sealed class BookMeter(Func<CancellationToken, Task<BookFigures>> read, TimeProvider time, ILogger<BookMeter> log)
{
    private static readonly TimeSpan _oldest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private static readonly JobPhase[] _phases = [.. Enum.GetValues<JobPhase>().Where(phase => phase != JobPhase.None)];

    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private BookFigures? _figures;
    private long? _readAt;

    /// <summary>Reads the books unless that was done a moment ago. A scrape waits for it, for some seconds.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            await Reading().WaitAsync(_limit, time, cancellation);
        }
        catch (TimeoutException)
        {
            // It goes on; what is asked meanwhile hears of the books as they were, or that they cannot be read.
        }
    }

    /// <summary>All gauges as they were last read.</summary>
    public string Text()
    {
        var books = Latest();
        var text = new StringBuilder();
        Gauge("books_readable", "Whether the other figures could be read from the database", [("", books is null ? 0 : 1)]);
        if (books is null)
        {
            return text.ToString();
        }

        Gauge("jobs", "Jobs by state", _phases.Select(phase => (Labels("state", Kebab(phase)), (double)books.Jobs.GetValueOrDefault(phase))));
        Gauge("checkpoint_age_seconds", "Training that would be lost with the host: since the newest durable checkpoint, or since this attempt began to train",
            books.AtRisk.Select(job => (Labels("job_id", job.Job.ToString(CultureInfo.InvariantCulture), "name", job.Name), job.Unsaved.TotalSeconds)));
        Gauge("cost_dollars_per_hour", "What all that is rented now costs an hour, by our books", books.Money.Select(money => (Labels("provider", money.Provider), (double)money.PerHour.Dollars)));
        Gauge("spent_dollars", "What all attempts have cost so far, by our books", books.Money.Select(money => (Labels("provider", money.Provider), (double)money.Spent.Dollars)));
        Gauge("leaks", "Instances that should not be there: with our label and nobody's, or long overdue to be destroyed", books.Leaks.SelectMany(leaks => ((string, double)[])
        [
            (Labels("provider", leaks.Provider, "kind", "unowned"), leaks.Unowned), (Labels("provider", leaks.Provider, "kind", "undestroyed"), leaks.Undestroyed),
        ]));
        Gauge("first_step_seconds", "From the create call to the first step, attempts of the last seven days", books.FirstSteps.SelectMany(first => ((string, double)[])
        [
            (Labels("provider", first.Provider, "quantile", "0.5"), first.Median.TotalSeconds), (Labels("provider", first.Provider, "quantile", "0.9"), first.Slow.TotalSeconds),
        ]));
        Gauge("first_step_attempts", "Attempts of the last seven days that came to their first step", books.FirstSteps.Select(first => (Labels("provider", first.Provider), (double)first.Attempts)));
        Gauge("alerts", "Open alerts by kind", books.Alerts.Select(alert => (Labels("kind", alert.Key), (double)alert.Value)));
        Gauge("sweep_age_seconds", "Since a sweep ran to its end", Age(books.Swept));
        Gauge("sweep_complete_age_seconds", "Since a sweep saw all that every provider holds", Age(books.SweptAll));
        Gauge("tick_overdue_seconds", "By how much the tick is late that waits longest", Age(books.Overdue));
        return text.ToString();

        void Gauge(string name, string help, IEnumerable<(string Labels, double Value)> series)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP orchestrator_{name} {help}\n# TYPE orchestrator_{name} gauge\n");
            foreach (var (labels, value) in series)
            {
                text.Append(CultureInfo.InvariantCulture, $"orchestrator_{name}{labels} {value:R}\n");
            }
        }
    }

    /// <summary>Null = they could not be read.</summary>
    private BookFigures? Latest()
    {
        lock (_gate)
        {
            return _readAt is { } at && time.GetElapsedTime(at) <= _oldest ? _figures : null;
        }
    }

    /// <summary>Never more than one at a time, however many ask.</summary>
    private Task Reading()
    {
        lock (_gate)
        {
            if (_reading.IsCompleted && (_readAt is not { } at || time.GetElapsedTime(at) >= _fresh))
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
            figures = await read(CancellationToken.None);
        }
        catch (Exception away)
        {
            log.LogWarning("the books cannot be read for metrics: {Words}", away.Message);
        }

        lock (_gate)
        {
            (_figures, _readAt) = (figures, time.GetTimestamp());
        }
    }

    private static IEnumerable<(string, double)> Age(TimeSpan? age) => age is { } known ? [("", known.TotalSeconds)] : [];

    private static string Labels(params ReadOnlySpan<string> pairs)
    {
        var text = new StringBuilder("{");
        for (var at = 0; at < pairs.Length; at += 2)
        {
            text.Append(at > 0 ? "," : "").Append(pairs[at]).Append("=\"").Append(Escaped(pairs[at + 1])).Append('"');
        }

        return text.Append('}').ToString();
    }

    /// <summary>Names are people's: one must not be able to end its line and begin another.</summary>
    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Kebab(JobPhase phase) => string.Concat(phase.ToString().Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
