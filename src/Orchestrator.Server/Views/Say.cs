using System.Globalization;

namespace Orchestrator.Server.Views;

/// <summary>Figures in the words of the views.</summary>
public static class Say
{
    /// <summary>Today the time alone, within a week the day too, else the date.</summary>
    public static string When(DateTimeOffset? at, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (at is not { } instant)
        {
            return "-";
        }

        var local = TimeZoneInfo.ConvertTime(instant, zone);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var format = local.Date == today ? "HH:mm" : Math.Abs((local.Date - today).Days) switch { < 7 => "ddd HH:mm", < 300 => "d MMM HH:mm", _ => "d MMM yyyy HH:mm" };
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>To the second: today the time alone, else with the date.</summary>
    public static string Moment(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return local.ToString(local.Date == TimeZoneInfo.ConvertTime(now, zone).Date ? "HH:mm:ss" : "d MMM HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>What an attempt went on from; a checkpoint's name need not say a step.</summary>
    public static string Beginning(Api.AttemptDetails attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return attempt.ResumedFromStep is { } step ? $"resumes at step {Count(step)}" : attempt.ResumedFrom is { } entry ? $"resumes from {entry}" : "begins at the start";
    }

    /// <summary>What a rhythm follows from.</summary>
    public static string YoungDaly(double secondsBetween) => secondsBetween > 366 * 86_400.0 ? "Young/Daly: interruptions are not expected" : $"Young/Daly: one interruption in {For(TimeSpan.FromSeconds(secondsBetween))}";

    /// <summary>Behind the name of its host.</summary>
    public static string Warm(Api.AttemptDetails attempt) => attempt is { WarmFrom: { } job } ? string.Create(CultureInfo.InvariantCulture, $", warm from job #{job}") : "";

    /// <summary>Where a living attempt is, and what keeps it there.</summary>
    public static string Phase(Api.AttemptDetails attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return attempt.Activity is { } now ? $"{attempt.Phase}, {now}" : attempt.Phase;
    }

    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>51 s</c>, <c>3m12s</c>, <c>2h03m</c>, <c>4d06h</c>.</summary>
    public static string For(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 60 } => $"{(int)time.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes}m{time.Seconds:00}s",
        { TotalHours: < 24 } => $"{(int)time.TotalHours}h{time.Minutes:00}m",
        _ => $"{(int)time.TotalDays}d{time.Hours:00}h",
    };

    public static string Dollars(decimal dollars) => dollars.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Spent(decimal cost, decimal? budget) =>
        budget is { } most ? $"{Dollars(cost)}/{most.ToString("0.##", CultureInfo.InvariantCulture)}" : Dollars(cost);

    /// <summary>Thousands with commas.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Decimal units, as everywhere.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };

    /// <summary>A line's speed without its unit; <c>?</c> where it is not known.</summary>
    public static string Mbps(double? speed) => speed is { } known ? known.ToString(known < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) : "?";

    /// <summary>A bar of eighths; empty for nothing.</summary>
    public static string Bar(double share, int width)
    {
        var eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * width * 8);
        var bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? "▏▎▍▌▋▊▉"[(eighths % 8) - 1] : "");
        return bar.PadRight(width, '░');
    }

    /// <summary>0 to 1; null where the total is unknown. A trainer that overshoots is done, not more than done.</summary>
    public static double? Share(long step, long? total) => total is > 0 and var all ? Math.Clamp((double)step / all, 0, 1) : null;

    public static string Percent(double share) => $"{(int)Math.Floor(share * 100)} %";
}
