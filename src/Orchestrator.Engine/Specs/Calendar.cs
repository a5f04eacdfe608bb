using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// Turns calendar times into instants. A local time that a change of clocks skips is the first valid instant after the gap;
/// one that occurs twice is the first of the two.
/// </summary>
public static partial class Calendar
{
    public const string Expected = "a time such as 2026-11-30T07:00+01:00 or Fri 22:00 Europe/Paris";

    /// <summary>The zone of this IANA name, or null. Paths and other tricks are no names.</summary>
    public static TimeZoneInfo? Zone(string name) =>
        ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The instant a text means, in UTC, and the zone it was read in (an IANA name, or the offset as written).</summary>
    public static bool TryInstant(string text, DateTimeOffset now, string submitterZone, out DateTimeOffset instant, out string zone)
    {
        instant = default;
        zone = submitterZone;
        return Iso().Match(text) is { Success: true } iso ? TryIso(iso, submitterZone, out instant, out zone)
            : Weekday().Match(text) is { Success: true } weekday && TryWeekday(weekday, now, submitterZone, out instant, out zone);
    }

    /// <summary>The instant of a local time in a zone.</summary>
    public static DateTimeOffset Resolve(DateTime local, TimeZoneInfo zone)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            // Gaps begin and end on whole seconds and are at most a day (a zone that changes sides of the date line).
            local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
            for (var step = 0; step <= 2 * 86400 && zone.IsInvalidTime(local); step++)
            {
                local = local.AddSeconds(1);
            }
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local - offset, TimeSpan.Zero);
    }

    private static bool TryIso(Match match, string submitterZone, out DateTimeOffset instant, out string zone)
    {
        instant = default;
        zone = submitterZone;
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var (year, month, day) = (Part("y"), Part("mo"), Part("d"));
        var (hour, minute, second) = (Part("h"), Part("mi"), Part("s"));
        if (year is < 2000 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        if (match.Groups["offset"] is { Success: true } written)
        {
            zone = written.Value;
            if (written.Value == "Z")
            {
                instant = new DateTimeOffset(local, TimeSpan.Zero);
                return !match.Groups["zone"].Success;
            }

            var (hours, minutes) = (Part("oh"), Part("om"));
            if (hours > 14 || minutes > 59 || match.Groups["zone"].Success)
            {
                return false;
            }

            var offset = new TimeSpan(hours, minutes, 0);
            instant = new DateTimeOffset(local - (written.Value[0] == '-' ? -offset : offset), TimeSpan.Zero);
            return true;
        }

        zone = match.Groups["zone"].Success ? match.Groups["zone"].Value : submitterZone;
        if (Zone(zone) is not { } found)
        {
            return false;
        }

        instant = Resolve(local, found);
        return true;
    }

    private static bool TryWeekday(Match match, DateTimeOffset now, string submitterZone, out DateTimeOffset instant, out string zone)
    {
        instant = default;
        zone = match.Groups["zone"].Success ? match.Groups["zone"].Value : submitterZone;
        var (hour, minute) = (int.Parse(match.Groups["h"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["mi"].Value, CultureInfo.InvariantCulture));
        var wanted = Array.FindIndex(Days, day => match.Groups["day"].Value.StartsWith(day, StringComparison.OrdinalIgnoreCase));
        if (hour > 23 || minute > 59 || Zone(zone) is not { } found)
        {
            return false;
        }

        var today = TimeZoneInfo.ConvertTime(now, found).Date;
        var date = today.AddDays((wanted - (int)today.DayOfWeek + 7) % 7);
        instant = Resolve(date.AddHours(hour).AddMinutes(minute), found);
        if (instant <= now)
        {
            instant = Resolve(date.AddDays(7).AddHours(hour).AddMinutes(minute), found);
        }

        return true;
    }

    private static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private const string ZoneText = "(?<zone>[A-Za-z][A-Za-z0-9_+/-]{0,63})";

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+/-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();

    [GeneratedRegex(
        @"^(?<y>[0-9]{4})-(?<mo>[0-9]{2})-(?<d>[0-9]{2})(?:[T ](?<h>[0-9]{2}):(?<mi>[0-9]{2})(?::(?<s>[0-9]{2}))?)?(?<offset>Z|[+-](?<oh>[0-9]{2}):?(?<om>[0-9]{2}))?(?: +" + ZoneText + @")?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    [GeneratedRegex(
        @"^(?<day>Mon(day)?|Tue(sday)?|Wed(nesday)?|Thu(rsday)?|Fri(day)?|Sat(urday)?|Sun(day)?) +(?<h>[0-9]{1,2}):(?<mi>[0-9]{2})(?: +" + ZoneText + @")?\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Weekday();
}
