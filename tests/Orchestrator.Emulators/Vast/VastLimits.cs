using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators.Vast;

/// <summary>Least distances between two calls of one endpoint by one key.</summary>
internal sealed partial class VastLimits
{
    private static readonly (string Method, string Endpoint, double Seconds)[] _published =
    [
        ("PUT", "api/v0/asks/{}/", 4.5),
        ("DELETE", "api/v0/instances/{}/", 3),
        ("GET", "api/v1/instances/", 1),
        ("GET", "api/v0/instances/{}/", 2),
        ("PUT", "api/v0/instances/{}/", 1),
        ("PUT", "api/v0/instances/bid_price/{}/", 5.5),
        ("GET", "api/v0/charges/", 1),
    ];

    private const int SearchesPerMinute = 10;

    private readonly Dictionary<string, DateTimeOffset> _last = [];
    private readonly Queue<DateTimeOffset> _searches = new();

    /// <returns>Null: it may pass.</returns>
    public EmulatedAnswer? Refusal(EmulatedRequest request, DateTimeOffset now, VastSwitches switches)
    {
        if (!switches.RateLimits)
        {
            return null;
        }

        var endpoint = Number().Replace(request.Path, "{}");
        if (endpoint is "api/v0/bundles/" or "api/v0/search/asks/")
        {
            while (_searches.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
            {
                _searches.Dequeue();
            }

            if (_searches.Count >= SearchesPerMinute)
            {
                return Refused(switches, null);
            }

            _searches.Enqueue(now);
            return null;
        }

        var limit = _published.FirstOrDefault(one => one.Method == request.Method && one.Endpoint == endpoint).Seconds;
        var who = $"{request.Key} {request.Method} {endpoint}";
        if (limit > 0 && _last.TryGetValue(who, out var last) && now - last < TimeSpan.FromSeconds(limit))
        {
            return Refused(switches, limit);
        }

        _last[who] = now;
        return null;
    }

    private static EmulatedAnswer Refused(VastSwitches switches, double? threshold)
    {
        var limit = threshold is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" endpoint threshold={seconds:0.0}") : "";
        var refusal = switches.JsonRefusals
            ? EmulatedAnswer.Json(new JsonObject { ["detail"] = "API requests too frequent" + limit }, 429)
            : EmulatedAnswer.Text(429, "API requests too frequent" + (limit.Length > 0 ? ":" : "") + limit);
        return refusal.AskedToWait(switches.RetryAfter);
    }

    [GeneratedRegex("(?<=/)[0-9]+(?=/)")]
    private static partial Regex Number();
}
