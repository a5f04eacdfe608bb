using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads the fields about money, time, trust and failure.</summary>
internal static class PolicyReader
{
    private static readonly string[] RegionNames = ["eu", "na", "sa", "asia", "oceania", "africa"];

    public static ReliabilityPolicy Reliability(MapReader job)
    {
        if (job.IsWord("reliability", "auto") || job.Map("reliability", "auto or {min-score: 99%}") is not { } map)
        {
            return new ReliabilityPolicy();
        }

        return new ReliabilityPolicy
        {
            Capacity = map.Choice("capacity",
                ("auto", CapacityChoice.Auto), ("on-demand", CapacityChoice.OnDemand), ("interruptible", CapacityChoice.Interruptible),
                ("spot", CapacityChoice.Interruptible)) ?? CapacityChoice.Auto,
            Tier = map.Choice("tier", ("any", HostTier.Any), ("datacenter", HostTier.Datacenter)),
            MinScore = map.Fraction("min-score"),
            Verified = map.Bool("verified") ?? true,
            MinSeen = map.Duration("min-seen") ?? TimeSpan.Zero,
            Regions = Words(map, "regions", TryRegion, "a country such as DE, a region such as eu, or \"!CN\""),
            ExcludeHosts = Words(map, "exclude-hosts", TryHost, "a host such as vast/58761"),
            OnDemandAfter = map.Int("on-demand-after", 0, 1000) ?? 4,
            GiveUpAfter = map.IsWord("give-up-after", "never") ? null : map.Int("give-up-after", 1, 1000),
            HostLease = HostLease(map),
        };
    }

    private static TimeSpan HostLease(MapReader map)
    {
        var asked = map.PositiveDuration("host-lease") ?? ReliabilityPolicy.LongestHostLease;
        if (asked > ReliabilityPolicy.LongestHostLease)
        {
            map.Scope.Problems.Error(
                map["host-lease"]!,
                map.At("host-lease"),
                $"{map.At("host-lease")}: a host stores checkpoints for {ReliabilityPolicy.LongestHostLease.TotalHours:0} h without us; what it trained after that would be lost",
                "give 6h or less");
        }

        return asked;
    }

    public static BudgetSpec Budget(MapReader job)
    {
        if (job.Map("budget", "budget: {max-total: $20}") is not { } map)
        {
            return new BudgetSpec();
        }

        var alerts = ImmutableArray.CreateBuilder<decimal>();
        foreach (var (item, at) in Values.Items(map.Scope, map["alerts"], "budget.alerts", "a list"))
        {
            if (map.Scope.TryRead<decimal>(item, at, SpecValues.TryFraction, "a share such as 80%", out var share))
            {
                alerts.Add(share);
            }
        }

        return new BudgetSpec
        {
            MaxTotal = map.Money("max-total"),
            MaxHourly = map.Money("max-hourly"),
            Alerts = map["alerts"] is null ? [0.5m, 0.8m, 1m] : alerts.ToImmutable(),
            OnExhausted = map.Choice("on-exhausted", ("pause", BudgetExhausted.Pause), ("stop", BudgetExhausted.Stop)) ?? BudgetExhausted.Pause,
        };
    }

    public static DeadlineSpec? Deadline(MapReader map, string key)
    {
        if (map[key] is not MapNode)
        {
            return Time(map, key) is var (at, zone) ? new DeadlineSpec { At = at, Zone = zone } : null;
        }

        if (map.Map(key) is not { } described)
        {
            return null;
        }

        if (described["at"] is null)
        {
            map.Scope.Problems.Error(described.Node, map.At(key), $"{map.At(key)}.at is missing", "write {at: Mon 07:00, on-miss: continue}");
        }

        var onMiss = described.Choice("on-miss", ("continue", DeadlineMiss.Continue), ("stop", DeadlineMiss.Stop)) ?? DeadlineMiss.Continue;
        return Time(described, "at") is var (instant, named) ? new DeadlineSpec { At = instant, Zone = named, OnMiss = onMiss } : null;
    }

    public static ScheduleSpec? Schedule(MapReader job)
    {
        if (job.Map("schedule", "{at: Fri 22:00}") is not { } map)
        {
            return null;
        }

        var at = Time(map, "at");
        var zone = at?.Zone ?? map.Scope.Options.SubmitterTimeZone;
        // Windows and cron need a place on earth; an offset is none.
        zone = zone.Length > 0 && char.IsAsciiLetter(zone[0]) && zone != "Z" ? zone : map.Scope.Options.SubmitterTimeZone;
        return new ScheduleSpec
        {
            At = at?.At,
            Zone = zone,
            Cron = Cron(map, zone),
            StartWindow = Window(map, "start-window"),
            RunWindow = Window(map, "run-window"),
            StartBelow = map.Money("start-below"),
        };
    }

    private static string? Cron(MapReader map, string zone)
    {
        const string path = "schedule.cron";
        if (!map.Scope.TryRead<string>(map["cron"], path, CronCalendar.TryRead, "five cron fields such as 0 22 * * 5", out var cron))
        {
            return null;
        }

        if (Calendar.Zone(zone) is { } place && CronCalendar.Next(cron, place, map.Scope.Options.Now) is null)
        {
            map.Scope.Problems.Error(map["cron"]!, path, $"{path}: \"{cron}\" never comes", "give a day that some month has; day of the month and day of the week must both match");
        }

        return cron;
    }

    public static TimeoutSpec Timeouts(MapReader job)
    {
        if (job.Map("timeouts", "{setup: 30m, stall: 30m}") is not { } map)
        {
            return new TimeoutSpec();
        }

        return new TimeoutSpec
        {
            Boot = map.DurationOrAuto("boot"),
            Setup = map.PositiveDuration("setup") ?? TimeSpan.FromMinutes(30),
            Stage = map.DurationOrAuto("stage"),
            Stall = map.PositiveDuration("stall") ?? TimeSpan.FromMinutes(30),
        };
    }

    public static FailurePolicy OnFailure(MapReader job)
    {
        if (job.Map("on-failure", "{restarts: 2}") is not { } map)
        {
            return new FailurePolicy();
        }

        var codes = ImmutableArray.CreateBuilder<int>();
        foreach (var (item, at) in Values.Items(map.Scope, map["restart-on"], "on-failure.restart-on", "a list of exit codes"))
        {
            if (map.Scope.TryRead(item, at, (string text, out long code) => SpecValues.TryInteger(text, out code) && code is >= 1 and <= 255, "an exit code from 1 to 255", out var number))
            {
                codes.Add((int)number);
            }
        }

        var (keep, cost) = KeepHost(map);
        return new FailurePolicy
        {
            Restarts = map.Int("restarts", 0, 1000) ?? 0,
            RestartOn = codes.ToImmutable(),
            KeepHost = keep,
            KeepHostCost = cost,
            LogRules = LogRules(map),
        };
    }

    private static (TimeSpan For, Money? MaxCost) KeepHost(MapReader failure)
    {
        var map = failure["keep-host"] is MapNode ? failure.Map("keep-host") : null;
        var (at, time) = map is null ? (failure["keep-host"], failure.Duration("keep-host")) : (map["for"] ?? map.Node, map.PositiveDuration("for"));
        var path = failure.At(map is null ? "keep-host" : "keep-host.for");
        if (map is not null && map["for"] is null)
        {
            failure.Scope.Problems.Error(map.Node, path, $"{path} is missing", "write {for: 30m, max-cost: $2}");
        }
        else if (time > HostKeep.Longest)
        {
            failure.Scope.Problems.Error(at!, path, $"{path}: nobody is kept waiting for longer than {HostKeep.Longest.TotalHours:0} h, and it is paid", "give 24h or less");
        }

        return (time ?? TimeSpan.Zero, map?.Money("max-cost"));
    }

    public static NotifySpec? Notify(MapReader job)
    {
        if (job["notify"] is null)
        {
            return null;
        }

        if (job["notify"] is not MapNode)
        {
            return new NotifySpec { To = job.Texts("notify") };
        }

        var map = job.Map("notify")!;
        var on = Words(map, "on", (string text, out string word) => Values.NotEmpty(text, out word) && NotifyTopics.OfJobs.Contains(text), "one of " + string.Join(", ", NotifyTopics.OfJobs));
        foreach (var later in on.Where(topic => topic is NotifyTopics.Balance))
        {
            map.Scope.Problems.NotYet(map["on"]!, map.At("on"), $"{later} for a single job");
        }

        return map["on"] is null ? new NotifySpec { To = map.Texts("to") } : new NotifySpec { To = map.Texts("to"), On = on };
    }

    private static ImmutableArray<LogRule> LogRules(MapReader failure)
    {
        var rules = ImmutableArray.CreateBuilder<LogRule>();
        foreach (var (item, at) in Values.Items(failure.Scope, failure["log-rules"], "on-failure.log-rules", "a list"))
        {
            if (item is not MapNode node)
            {
                failure.Scope.Problems.Error(item, at, $"{at}: a {SpecScope.Kind(item)} where {{match, then}} belongs", "write {match: 'CUDA error', then: retry-elsewhere}");
                continue;
            }

            var map = new MapReader(failure.Scope, node, at, "on-failure.log-rules[]");
            if (map["match"] is null || map["then"] is null)
            {
                failure.Scope.Problems.Error(node, at, $"{at} needs match and then", "write {match: 'CUDA error', then: retry-elsewhere}");
            }

            rules.Add(new LogRule
            {
                Match = ProgressReader.Pattern(map, "match", null) ?? "",
                Then = map.Choice("then", ("fail", LogRuleAction.Fail), ("restart", LogRuleAction.Restart), ("retry-elsewhere", LogRuleAction.RetryElsewhere), ("ignore", LogRuleAction.Ignore)) ?? LogRuleAction.Fail,
            });
        }

        return rules.ToImmutable();
    }

    private static (DateTimeOffset At, string Zone)? Time(MapReader map, string key)
    {
        var (options, zone) = (map.Scope.Options, "");
        return map.Scope.TryRead(map[key], map.At(key), (string text, out DateTimeOffset at) => Calendar.TryInstant(text, options.Now, options.SubmitterTimeZone, out at, out zone), Calendar.Expected, out var instant)
            ? (instant, zone)
            : null;
    }

    private static ClockWindow? Window(MapReader map, string key) =>
        map.Scope.TryRead(map[key], map.At(key), (string text, out ClockWindow window) =>
        {
            window = new ClockWindow(default, default);
            var ends = text.Split(text.Contains("..", StringComparison.Ordinal) ? ".." : "-", StringSplitOptions.TrimEntries);
            if (ends.Length != 2 || !Clock(ends[0], out var start) || !Clock(ends[1], out var end) || start == end)
            {
                return false;
            }

            window = new ClockWindow(start, end);
            return true;
        }, "hours such as 22:00..06:00", out var value) ? value : null;

    private static bool Clock(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static ImmutableArray<string> Words(MapReader map, string key, SpecScope.Parser<string> parse, string expected)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, at) in Values.Items(map.Scope, map[key], map.At(key), "a list"))
        {
            if (map.Scope.TryRead<string>(item, at, parse, expected, out var word))
            {
                words.Add(word);
            }
        }

        return words.ToImmutable();
    }

    private static bool TryRegion(string text, out string region)
    {
        var excluded = text.StartsWith('!');
        var name = excluded ? text[1..] : text;
        var lower = name.ToLowerInvariant();
        name = RegionNames.Contains(lower) ? lower : name.ToUpperInvariant();
        region = (excluded ? "!" : "") + name;
        return RegionNames.Contains(name) || (name.Length == 2 && name.All(char.IsAsciiLetter));
    }

    private static bool TryHost(string text, out string host)
    {
        host = text;
        return text.Length < 128 && text.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');
    }
}
