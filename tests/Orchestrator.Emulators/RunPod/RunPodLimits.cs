using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What an account may ask within a minute, an hour, a day; each answer says what is left.</summary>
internal sealed class RunPodLimits
{
    private static readonly (string Name, int Seconds)[] _windows = [("minute", 60), ("hour", 3600), ("day", 86400)];

    private readonly Dictionary<string, (DateTimeOffset Since, int Used)> _used = [];

    /// <returns>The headers of the answer, and how long to wait where the call is one too many.</returns>
    public (ImmutableDictionary<string, string> Headers, int? Wait) Take(DateTimeOffset now, RunPodQuotas quotas)
    {
        var state = _windows.Select(window => (window.Name, window.Seconds, Most: window.Name switch { "minute" => quotas.Minute, "hour" => quotas.Hour, _ => quotas.Day })).ToList();
        int? wait = null;
        List<string> left = [];
        foreach (var (name, seconds, most) in state)
        {
            var (since, used) = _used.TryGetValue(name, out var known) && now < known.Since.AddSeconds(seconds) ? known : (now, 0);
            var reset = Math.Max(1, (int)Math.Ceiling((since.AddSeconds(seconds) - now).TotalSeconds));
            if (used >= most)
            {
                wait = Math.Max(wait ?? 0, reset);
            }

            _used[name] = (since, Math.Min(most, used + 1));
            left.Add(string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={Math.Max(0, most - used - 1)};t={reset}"));
        }

        var headers = ImmutableDictionary<string, string>.Empty
            .Add("RateLimit-Policy", string.Join(", ", state.Select(window => string.Create(CultureInfo.InvariantCulture, $"\"{window.Name}\";q={window.Most};w={window.Seconds}"))))
            .Add("RateLimit", string.Join(", ", left));
        return (wait is { } seconds2 ? headers.Add("Retry-After", seconds2.ToString(CultureInfo.InvariantCulture)) : headers, wait);
    }
}
