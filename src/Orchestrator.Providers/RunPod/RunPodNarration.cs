using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>What a pod's host tells of its start, the one place where RunPod gives reasons: lines of prose, newest last.</summary>
internal static class RunPodNarration
{
    /// <summary>So many starts of one container, and its process ends each time.</summary>
    private const int StartsOfALoop = 3;

    private const string Start = "start container";

    /// <summary>Whatever comes after them: a container that may not use the card is started again and again.</summary>
    private static readonly string[] _oldDriver = ["unsatisfied condition: cuda", "update your driver", "driver version is insufficient"];

    private static readonly string[] _failures = ["error", "failed", "denied", "unauthorized", "manifest unknown", "no space left", "not found"];

    /// <summary>The lines of a stream of events.</summary>
    public static IReadOnlyList<string> LinesOf(string events) =>
    [
        .. events.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith("data:", StringComparison.Ordinal))
            .Select(line => ApiFields.Parse(line["data:".Length..].Trim()))
            .Where(told => told["source"].Text is null or "system").Select(told => OneLine.Of(told["line"].Text, 200)).Where(line => line.Length > 0),
    ];

    /// <summary>Why it is not up; null = nothing was told.</summary>
    public static string? Reason(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return null;
        }

        if (lines.LastOrDefault(line => Says(line, _oldDriver)) is { } old)
        {
            return $"the host's driver is too old for the image: \"{old}\"";
        }

        var starts = lines.Count(line => line.StartsWith(Start, StringComparison.OrdinalIgnoreCase));
        if (starts >= StartsOfALoop)
        {
            var why = lines.LastOrDefault(line => Says(line, _failures));
            return $"a crash loop, its container was started {starts} times{(why is null ? "" : $": \"{why}\"")}";
        }

        if (lines.LastOrDefault(line => Says(line, _failures)) is { } failure)
        {
            return $"\"{failure}\"";
        }

        return starts > 0 ? $"its container was started, and nothing answers there: \"{lines[^1]}\"" : $"still pulling: \"{lines[^1]}\"";
    }

    private static bool Says(string line, string[] words) => words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}
