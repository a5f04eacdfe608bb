using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Engine.Reports;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>report</c>: when the channels are told what the weekend came to.</summary>
internal static partial class ReportTimeReader
{
    private static readonly string[] _days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <returns>Null = never, or the text has errors.</returns>
    internal static ReportTime? Read(ConfigurationNode node)
    {
        if (node.Text() is not { } text || text == "never")
        {
            return null;
        }

        if (WeekTime().Match(text) is { Success: true } match && TimeOnly.TryParseExact(match.Groups["time"].Value.PadLeft(5, '0'), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return new((DayOfWeek)Array.IndexOf(_days, match.Groups["day"].Value[..3].ToLowerInvariant()), at);
        }

        node.Error($"{node.Path}: \"{Views.Clean.Line(text, 40)}\" is no time of the week; write Mon 09:00, or never");
        return null;
    }

    [GeneratedRegex("^(?<day>sun(?:day)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?) +(?<time>[0-9]{1,2}:[0-9]{2})\\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WeekTime();
}
