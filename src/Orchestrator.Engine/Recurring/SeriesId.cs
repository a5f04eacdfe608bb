using System.Globalization;

namespace Orchestrator.Engine.Recurring;

/// <summary>A series, <c>series-3</c> for people: jobs have plain numbers.</summary>
public readonly record struct SeriesId(long Value)
{
    private const string Prefix = "series-";

    public static bool TryParse(string text, out SeriesId series)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = text.StartsWith(Prefix, StringComparison.Ordinal) & long.TryParse(text.AsSpan(Math.Min(text.Length, Prefix.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        series = new(number);
        return found;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Value}");
}
