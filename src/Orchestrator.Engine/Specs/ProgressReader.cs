using System.Text.RegularExpressions;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads <c>progress</c>.</summary>
internal static class ProgressReader
{
    private static readonly (string Word, ProgressFormat Value)[] Words =
    [
        ("auto", ProgressFormat.Auto), ("tqdm", ProgressFormat.Tqdm), ("huggingface", ProgressFormat.Huggingface),
        ("lightning", ProgressFormat.Lightning), ("jsonl", ProgressFormat.Jsonl), ("none", ProgressFormat.None),
    ];

    public static ProgressRule Read(MapReader job)
    {
        if (job["progress"] is null or ScalarNode)
        {
            return new ProgressRule { Format = job.Choice("progress", Words) ?? ProgressFormat.Auto };
        }

        if (job.Map("progress", "{format: jsonl, file: /out/progress.jsonl}") is not { } map)
        {
            return new ProgressRule();
        }

        var pattern = Pattern(map, "pattern", group: "step");
        var file = map.AbsolutePath("file");
        var format = map.Choice("format", [.. Words, ("pattern", ProgressFormat.Pattern)]);
        if (format == ProgressFormat.Pattern && map["pattern"] is null)
        {
            map.Scope.Problems.Error(map["format"]!, "progress.format", "progress.format: pattern needs a pattern", "add pattern: 'step (?<step>[0-9]+)'");
        }
        else if (format is not null and not ProgressFormat.Pattern && map["pattern"] is { } unused)
        {
            map.Scope.Problems.Error(unused, "progress.pattern", "progress.pattern is not used with this format", "leave format or pattern out");
        }

        return new ProgressRule
        {
            Format = format ?? (map["pattern"] is not null ? ProgressFormat.Pattern
                : file?.EndsWith(".jsonl", StringComparison.Ordinal) == true ? ProgressFormat.Jsonl : ProgressFormat.Auto),
            File = file,
            Pattern = pattern,
            Total = map.Int("total", 1, int.MaxValue),
            Metrics = map.Texts("metrics"),
            StopWhen = StopWhen(map, format),
        };
    }

    private static string? StopWhen(MapReader map, ProgressFormat? format)
    {
        if (map.Text("stop-when") is not { } condition || condition.Contains("${{", StringComparison.Ordinal))
        {
            return null;
        }

        if (StopCondition.TryParse(condition, out var clauses) is { } problem)
        {
            map.Scope.Problems.Error(map["stop-when"]!, map.At("stop-when"), $"{map.At("stop-when")}: {problem}", StopCondition.Expected);
            return null;
        }

        if (format == ProgressFormat.None)
        {
            map.Scope.Problems.Error(map["stop-when"]!, map.At("stop-when"), $"{map.At("stop-when")} needs metrics, and progress.format is none", "leave format out, or this");
        }

        return string.Join(" or ", clauses);
    }

    /// <summary>A regular expression that runs in linear time, since it is matched against a stranger's output.</summary>
    public static string? Pattern(MapReader map, string key, string? group)
    {
        if (map.Text(key) is not { } pattern || pattern.Contains("${{", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            if (pattern.Length > 1000)
            {
                map.Scope.Problems.Error(map[key]!, map.At(key), $"{map.At(key)} is longer than 1000 characters", "shorten it");
            }
            else if (!new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant).GetGroupNames().Contains(group ?? "0"))
            {
                map.Scope.Problems.Error(map[key]!, map.At(key), $"{map.At(key)} has no group \"{group}\"", $"name it: (?<{group}>[0-9]+)");
            }
        }
        catch (ArgumentException exception)
        {
            map.Scope.Problems.Error(map[key]!, map.At(key), $"{map.At(key)} is not a regular expression: {exception.Message}", "mend it");
        }
        catch (NotSupportedException)
        {
            map.Scope.Problems.Error(map[key]!, map.At(key), $"{map.At(key)} uses look-around, back references or too much repetition", "use a plain expression");
        }

        return pattern;
    }
}
