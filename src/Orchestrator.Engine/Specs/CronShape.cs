using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Specs;

/// <summary>Checks the shape of a five-field cron expression; when it fires is the scheduler's business.</summary>
internal static partial class CronShape
{
    private static readonly (int Low, int High)[] Limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];

    public static bool TryRead(string text, out string cron)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        cron = string.Join(' ', fields);
        return fields.Length == 5 && text.Length < 200 && fields.Select((field, index) => field.Split(',').All(part => Part(part, Limits[index], index))).All(ok => ok);
    }

    private static bool Part(string part, (int Low, int High) limit, int index)
    {
        var match = Shape().Match(part);
        if (!match.Success)
        {
            return false;
        }

        var named = match.Groups["name"].Success;
        return (!named || index >= 3) && match.Groups["number"].Captures.All(capture => int.Parse(capture.Value, null) is var n && n >= limit.Low && n <= limit.High)
            && (!match.Groups["step"].Success || int.Parse(match.Groups["step"].Value, null) > 0);
    }

    [GeneratedRegex(@"^(\*|(?<number>[0-9]{1,2})(-(?<number>[0-9]{1,2}))?|(?<name>[A-Za-z]{3})(-(?<name>[A-Za-z]{3}))?)(/(?<step>[0-9]{1,2}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
