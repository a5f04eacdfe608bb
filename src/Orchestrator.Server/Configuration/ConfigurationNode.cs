using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Server.Configuration;

/// <summary>Strict reading of one YAML node: what does not fit becomes a placed problem, and reading goes on.</summary>
internal sealed partial class ConfigurationNode(YamlNode node, string path, List<ConfigurationProblem> problems)
{
    internal string Path => path;

    internal void Error(string text) => problems.Add(new((int)node.Start.Line, (int)node.Start.Column, true, text));

    internal void NotAvailable(string text) => problems.Add(new((int)node.Start.Line, (int)node.Start.Column, false, text));

    /// <summary>The entries of a mapping with keys in their written form; unknown ones are errors.</summary>
    internal IEnumerable<(string Key, ConfigurationNode Value)> Entries(params string[] known)
    {
        if (node is YamlScalarNode { Value: null or "" })
        {
            yield break;
        }

        if (node is not YamlMappingNode map)
        {
            Error($"{path} must be a map of keys to values");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (keyNode, value) in map.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value?.Replace('_', '-') ?? "";
            var at = new ConfigurationNode(keyNode, key, problems);
            if (!known.Contains(key))
            {
                at.Error($"unknown key \"{Views.Clean.Line(key, 60)}\"{Hint(key, known)}");
            }
            else if (!seen.Add(key))
            {
                at.Error($"{key} is given twice; keep one");
            }
            else
            {
                yield return (key, new(value, path.Length == 0 ? key : $"{path}.{key}", problems));
            }
        }
    }

    /// <summary>The entries of a mapping whose keys are names that people chose.</summary>
    internal IEnumerable<(string Name, ConfigurationNode Value)> Named()
    {
        if (node is not YamlMappingNode map)
        {
            return Entries();
        }

        var found = new List<(string, ConfigurationNode)>();
        foreach (var (keyNode, value) in map.Children)
        {
            var name = (keyNode as YamlScalarNode)?.Value ?? "";
            if (NamePattern().IsMatch(name))
            {
                found.Add((name, new(value, $"{path}.{name}", problems)));
            }
            else
            {
                new ConfigurationNode(keyNode, path, problems).Error($"\"{Views.Clean.Line(name, 60)}\" in {path} is no name; use lower-case letters, digits and hyphens, at most 40");
            }
        }

        return found;
    }

    internal bool IsText => node is YamlScalarNode { Value.Length: > 0 };

    internal bool? YesNo()
    {
        if (node is YamlScalarNode { Value: "true" or "yes" or "false" or "no" } scalar)
        {
            return scalar.Value is "true" or "yes";
        }

        Error($"{path} must be yes or no");
        return null;
    }

    internal string? OneOf(params string[] words)
    {
        if (node is YamlScalarNode { Value: { } text } && words.Contains(text))
        {
            return text;
        }

        Error($"{path} must be {Either(words)}");
        return null;
    }

    /// <summary><c>lambda, runpod or vast</c>.</summary>
    internal static string Either(params string[] words) => words.Length == 1 ? words[0] : string.Join(", ", words[..^1]) + " or " + words[^1];

    /// <summary>What was probably meant; null = nothing known is like it.</summary>
    internal static string? Nearest(string word, IEnumerable<string> known) => word.Length == 0
        ? null
        : known.FirstOrDefault(name => name.StartsWith(word, StringComparison.Ordinal) || word.StartsWith(name, StringComparison.Ordinal)) ?? Engine.Specs.Nearest.Of(word, known);

    internal string? Text()
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
        {
            return text;
        }

        Error($"{path} must be a text");
        return null;
    }

    internal string? AbsolutePath()
    {
        if (Text() is not { } text)
        {
            return null;
        }

        if (System.IO.Path.IsPathRooted(text))
        {
            return text;
        }

        Error($"{path} must be an absolute path");
        return null;
    }

    /// <summary><c>20:00..08:00</c>.</summary>
    internal ClockWindow? Hours()
    {
        if (Text() is not { } text)
        {
            return null;
        }

        if (HoursPattern().Match(text) is { Success: true } match && Time(match.Groups[1].Value) is { } start && Time(match.Groups[2].Value) is { } end && start != end)
        {
            return new ClockWindow(start, end);
        }

        Error($"{path} must be hours of the day; for example 20:00..08:00");
        return null;
    }

    internal IEnumerable<string> Texts()
    {
        if (node is not YamlSequenceNode list)
        {
            return Text() is { } one ? [one] : [];
        }

        return [.. list.Children.Select(child => new ConfigurationNode(child, path, problems).Text()).OfType<string>()];
    }

    internal int? Whole(int least, int most)
    {
        if (node is YamlScalarNode scalar && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Error(string.Create(CultureInfo.InvariantCulture, $"{path} must be a whole number from {least} to {most}"));
        return null;
    }

    /// <summary>Decimal sizes: <c>16GB</c> is 16 * 10^9 bytes.</summary>
    internal long? Size()
    {
        if (node is YamlScalarNode { Value: { } text } && SizePattern().Match(text) is { Success: true } match
            && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * Unit(match.Groups[2].Value) is > 0 and < 1e18m and var bytes)
        {
            return (long)bytes;
        }

        Error($"{path} must be a size with a unit; for example 16GB");
        return null;
    }

    /// <summary><c>0.60</c>, <c>$0.60</c> or <c>$0.60/h</c>.</summary>
    internal Money? DollarsPerHour()
    {
        if (node is YamlScalarNode { Value: { } text } && MoneyPattern().Match(text) is { Success: true } match
            && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars <= 100_000)
        {
            return Money.FromDollars(dollars);
        }

        Error($"{path} must be dollars per hour; for example $0.60/h");
        return null;
    }

    /// <summary><c>50</c>, <c>$50</c> or <c>$50/week</c>.</summary>
    internal Money? DollarsPerWeek()
    {
        if (node is YamlScalarNode { Value: { } text } && MoneyPerWeekPattern().Match(text) is { Success: true } match
            && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars <= 10_000_000)
        {
            return Money.FromDollars(dollars);
        }

        Error($"{path} must be dollars per week; for example $50/week");
        return null;
    }

    /// <summary><c>0.09</c>, <c>$0.09</c> or <c>$0.09/GB</c>.</summary>
    internal Money? DollarsPerGb()
    {
        if (node is YamlScalarNode { Value: { } text } && MoneyPerGbPattern().Match(text) is { Success: true } match
            && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars <= 1000)
        {
            return Money.FromDollars(dollars);
        }

        Error($"{path} must be dollars per gigabyte; for example $0.09/GB");
        return null;
    }

    /// <summary>Job fields below this mapping as settings; whether they exist is the spec reader's to say.</summary>
    internal IEnumerable<SpecSetting> Settings()
    {
        if (node is YamlMappingNode map)
        {
            return [.. Flatten("", map)];
        }

        if (node is not YamlScalarNode { Value: null or "" })
        {
            Error($"{path} must be a map of job fields");
        }

        return [];
    }

    private static IEnumerable<SpecSetting> Flatten(string prefix, YamlMappingNode map)
    {
        foreach (var (key, value) in map.Children)
        {
            var name = prefix + (key as YamlScalarNode)?.Value;
            foreach (var setting in value is YamlMappingNode { Children.Count: > 0 } inner ? Flatten(name + ".", inner) : [new SpecSetting(name, Flow(value))])
            {
                yield return setting;
            }
        }
    }

    private static string Flow(YamlNode value) => value switch
    {
        YamlSequenceNode list => "[" + string.Join(", ", list.Children.Select(Flow)) + "]",
        YamlMappingNode map => "{" + string.Join(", ", map.Children.Select(entry => Flow(entry.Key) + ": " + Flow(entry.Value))) + "}",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } plain } => plain,
        YamlScalarNode scalar => System.Text.Json.JsonSerializer.Serialize(scalar.Value),
        _ => "",
    };

    private static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static decimal Unit(string unit) => unit switch { "KB" => 1e3m, "MB" => 1e6m, "GB" => 1e9m, _ => 1e12m };

    private static string Hint(string key, string[] known) =>
        Nearest(key, known) is { } near ? $"; did you mean {near}?" : "; known here: " + string.Join(", ", known);

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^([0-9]{1,9}(?:\\.[0-9]{1,3})?) ?(KB|MB|GB|TB)$", RegexOptions.CultureInvariant)]
    private static partial Regex SizePattern();

    [GeneratedRegex("^([0-9]{1,2}:[0-9]{2})\\.\\.([0-9]{1,2}:[0-9]{2})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex HoursPattern();

    [GeneratedRegex("^\\$?([0-9]{1,9}(?:\\.[0-9]{1,6})?)(?:/GB)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MoneyPerGbPattern();

    [GeneratedRegex("^\\$?([0-9]{1,9}(?:\\.[0-9]{1,6})?)(?:/week)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MoneyPerWeekPattern();

    [GeneratedRegex("^\\$?([0-9]{1,9}(?:\\.[0-9]{1,6})?)(?:/h)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MoneyPattern();
}
