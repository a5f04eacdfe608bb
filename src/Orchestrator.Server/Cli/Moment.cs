using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Server.Cli;

/// <summary>A moment in the past as people write it: <c>90m</c>, <c>3d</c>, <c>Fri</c>, <c>Fri 18:00</c>, <c>18:00</c>, <c>2026-11-20</c>.</summary>
internal static partial class Moment
{
    private static readonly string[] _days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Null = cannot be read as a moment.</summary>
    internal static DateTimeOffset? Parse(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        var words = text.Trim();
        if (Duration().Match(words) is { Success: true, Length: > 0 } ago)
        {
            return Ago(ago, now);
        }

        var local = TimeZoneInfo.ConvertTime(now, zone);
        if (DayAndTime().Match(words) is { Success: true, Length: > 0 } match && (match.Groups["day"].Success || match.Groups["time"].Success))
        {
            var day = match.Groups["day"] is { Success: true } named ? Array.IndexOf(_days, named.Value[..3].ToLowerInvariant()) : (int)local.DayOfWeek;
            var time = match.Groups["time"] is { Success: true } clock && TimeOnly.TryParse(clock.Value, CultureInfo.InvariantCulture, out var parsed) ? parsed : default;
            if (match.Groups["time"].Success && time == default && match.Groups["time"].Value is not ("0:00" or "00:00"))
            {
                return null;
            }

            // The last such moment: today's own counts once it has come.
            var at = local.Date.AddDays(-(((int)local.DayOfWeek - day + 7) % 7)) + time.ToTimeSpan();
            at = at > local.DateTime ? at.AddDays(match.Groups["day"].Success ? -7 : -1) : at;
            return new DateTimeOffset(at, zone.GetUtcOffset(at));
        }

        if (!DateTime.TryParse(words, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date) || !words.Contains('-', StringComparison.Ordinal))
        {
            return null;
        }

        return date.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(date, zone.GetUtcOffset(date)) : new DateTimeOffset(date.ToUniversalTime(), TimeSpan.Zero);
    }

    private static DateTimeOffset? Ago(Match match, DateTimeOffset now)
    {
        var seconds = 0.0;
        foreach (var (unit, factor) in ((string, double)[])[("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)])
        {
            seconds += match.Groups[unit] is { Success: true } amount ? double.Parse(amount.Value, CultureInfo.InvariantCulture) * factor : 0;
        }

        return seconds < (now - DateTimeOffset.UnixEpoch).TotalSeconds ? now.AddSeconds(-seconds) : null;
    }

    [GeneratedRegex("^(?:(?<d>[0-9]{1,9})d)?(?:(?<h>[0-9]{1,9})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,9})s)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex("^(?<day>sun(?:day)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?)?(?: ?(?<time>[0-9]{1,2}:[0-9]{2}))?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DayAndTime();
}
