using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Telemetry;

/// <summary>Meters are the process's, and every book tells: such tests run one after the other.</summary>
[Collection(Name)]
public sealed class BookMeterTests : IAsyncLifetime
{
    internal const string Name = "books";

    /// <summary>Something of everything.</summary>
    internal static readonly BookFigures Known = new()
    {
        Jobs = ImmutableSortedDictionary<JobPhase, long>.Empty.Add(JobPhase.Active, 3).Add(JobPhase.DeadlineMissed, 1),
        AtRisk = [new(7, "lora", TimeSpan.FromSeconds(90)), new(9, "hostile\"\n}", TimeSpan.FromMinutes(5))],
        Money = [new("local", Money.Zero, Money.Zero), new("vast", Money.FromDollars(1.25m), Money.FromDollars(12.5m))],
        Leaks = [new("local", 0, 0), new("vast", 2, 1)],
        FirstSteps = [new("vast", 4, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(9))],
        Alerts = ImmutableSortedDictionary<string, long>.Empty.Add("leaked", 1),
        Swept = TimeSpan.FromSeconds(4),
        SweptAll = TimeSpan.FromSeconds(14),
        Overdue = TimeSpan.FromSeconds(0.5),
    };

    private readonly FakeTimeProvider _time = new();
    private Func<BookFigures> _books = () => Known;
    private int _reads;
    private Exposition _server = null!;

    [Fact]
    public async Task What_the_books_say_is_exposed_under_these_names()
    {
        var lines = await _server.ScrapeAsync();

        Assert.Equal(
            [
                "orchestrator_alerts{kind=\"leaked\"} 1",
                "orchestrator_books_readable 1",
                "orchestrator_checkpoint_age_seconds{job_id=\"7\",name=\"lora\"} 90",
                "orchestrator_checkpoint_age_seconds{job_id=\"9\",name=\"hostile\\\"\\n}\"} 300",
                "orchestrator_cost_dollars_per_hour{provider=\"local\"} 0",
                "orchestrator_cost_dollars_per_hour{provider=\"vast\"} 1.25",
                "orchestrator_first_step_attempts{provider=\"vast\"} 4",
                "orchestrator_first_step_seconds{provider=\"vast\",quantile=\"0.5\"} 180",
                "orchestrator_first_step_seconds{provider=\"vast\",quantile=\"0.9\"} 540",
                "orchestrator_jobs{state=\"active\"} 3",
                "orchestrator_jobs{state=\"cancelled\"} 0",
                "orchestrator_jobs{state=\"deadline-missed\"} 1",
                "orchestrator_jobs{state=\"failed\"} 0",
                "orchestrator_jobs{state=\"paused\"} 0",
                "orchestrator_jobs{state=\"pending\"} 0",
                "orchestrator_jobs{state=\"recovering\"} 0",
                "orchestrator_jobs{state=\"scheduled\"} 0",
                "orchestrator_jobs{state=\"succeeded\"} 0",
                "orchestrator_jobs{state=\"waiting\"} 0",
                "orchestrator_leaks{kind=\"undestroyed\",provider=\"local\"} 0",
                "orchestrator_leaks{kind=\"undestroyed\",provider=\"vast\"} 1",
                "orchestrator_leaks{kind=\"unowned\",provider=\"local\"} 0",
                "orchestrator_leaks{kind=\"unowned\",provider=\"vast\"} 2",
                "orchestrator_spent_dollars{provider=\"local\"} 0",
                "orchestrator_spent_dollars{provider=\"vast\"} 12.5",
                "orchestrator_sweep_age_seconds 4",
                "orchestrator_sweep_complete_age_seconds 14",
                "orchestrator_tick_overdue_seconds 0.5",
            ],
            lines.Where(line => !line.Contains("_duration_", StringComparison.Ordinal) && !line.Contains("_calls_", StringComparison.Ordinal)).Select(Plain).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_job_that_ended_is_told_of_no_more()
    {
        await _server.ScrapeAsync();
        _books = () => Known with { AtRisk = [new(9, "other", TimeSpan.FromMinutes(5))], Alerts = ImmutableSortedDictionary<string, long>.Empty };
        _time.Advance(TimeSpan.FromMinutes(1));

        var lines = await _server.ScrapeAsync();

        Assert.Single(lines, line => line.StartsWith("orchestrator_checkpoint_age_seconds", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("orchestrator_alerts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Books_that_cannot_be_read_tell_that_and_nothing_else()
    {
        await _server.ScrapeAsync();
        _books = () => throw new TimeoutException("the database is away");
        _time.Advance(TimeSpan.FromMinutes(1));

        var lines = await _server.ScrapeAsync();

        Assert.Contains("orchestrator_books_readable 0", lines.Select(Plain));
        Assert.DoesNotContain(lines, line => line.StartsWith("orchestrator_jobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task However_many_ask_the_database_is_asked_once_in_ten_seconds()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _server.ScrapeAsync()));
        await _server.ScrapeAsync();
        Assert.Equal(1, _reads);

        _time.Advance(TimeSpan.FromSeconds(10));
        await _server.ScrapeAsync();
        Assert.Equal(2, _reads);
    }

    public Task InitializeAsync()
    {
        _server = new(
            _ =>
            {
                Interlocked.Increment(ref _reads);
                return Task.FromResult(_books());
            },
            _time);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    /// <summary>Labels in order, and no time.</summary>
    private static string Plain(string line)
    {
        var (name, rest) = line.IndexOf('{', StringComparison.Ordinal) is var at and >= 0 ? (line[..at], line[at..]) : (line, "");
        if (rest.Length == 0)
        {
            return string.Join(' ', name.Split(' ').Take(2));
        }

        var end = rest.LastIndexOf('}');
        return $"{name}{{{string.Join(',', rest[1..end].Split(',').Order(StringComparer.Ordinal))}}} {rest[(end + 1)..].Trim().Split(' ')[0]}";
    }
}
