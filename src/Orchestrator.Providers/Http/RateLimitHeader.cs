using System.Globalization;

namespace Orchestrator.Providers.Http;

/// <summary>What an API says of its limits beside each answer: <c>"minute";r=176;t=1, "hour";r=7193;t=2701</c> (requests left, seconds until all are back).</summary>
internal static class RateLimitHeader
{
    public const string Name = "RateLimit";

    /// <summary>A header that is wrong must not silence an account for a day; whoever asks too early is refused, and told again.</summary>
    private static readonly TimeSpan _most = TimeSpan.FromMinutes(5);

    /// <returns>How long nothing may be asked; null = something may.</returns>
    public static TimeSpan? Wait(IEnumerable<string> values)
    {
        TimeSpan? longest = null;
        foreach (var window in values.SelectMany(value => value.Split(',')))
        {
            var parts = window.Split(';', StringSplitOptions.TrimEntries);
            if (Figure(parts, "r=") is <= 0 && Figure(parts, "t=") is > 0 and var seconds)
            {
                var wait = TimeSpan.FromSeconds(Math.Min(seconds, _most.TotalSeconds));
                longest = longest > wait ? longest : wait;
            }
        }

        return longest;
    }

    private static double? Figure(string[] parts, string name) =>
        Array.Find(parts, part => part.StartsWith(name, StringComparison.Ordinal)) is { } part && double.TryParse(part.AsSpan(name.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var figure) ? figure : null;
}
