using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads a mapping whose keys the field registry knows. Reports unknown, doubled and empty keys and fields that do not work yet.</summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, SpecNode> _values = new(StringComparer.Ordinal);

    public MapReader(SpecScope scope, MapNode node, string path, string registryPath)
    {
        Scope = scope;
        Node = node;
        Path = path;
        foreach (var (key, value) in node.Entries)
        {
            var name = key.Value.Replace('_', '-');
            var field = FieldRegistry.Find(registryPath.Length == 0 ? name : $"{registryPath}.{name}");
            if (field is null && scope.Problems.Full)
            {
                continue;
            }

            if (field is null)
            {
                var (what, whatToDo) = KeyHints.For(key.Value, value, registryPath);
                scope.Problems.Error(key with { Source = key.Source ?? value.Source }, At(key.Value), what, whatToDo);
            }
            else if (!_values.TryAdd(name, value))
            {
                scope.Problems.Error(key, At(name), $"duplicate key \"{key.Value}\" (the same as \"{name}\")", "keep one");
            }
            else if (value is ScalarNode { IsNull: true })
            {
                _values.Remove(name);
                scope.Problems.Error(value, At(name), $"{At(name)} has no value", "give one or remove the line");
            }
            else
            {
                // The key is where people look; the value is where a problem with the value is.
                scope.Written(At(name), value);
                if (!field.Landed)
                {
                    scope.NotYet(key with { Source = key.Source ?? value.Source }, At(name), At(name));
                }
            }
        }
    }

    public SpecScope Scope { get; }

    public MapNode Node { get; }

    public string Path { get; }

    public SpecNode? this[string key] => _values.GetValueOrDefault(key);

    public string At(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>The mapping at a key, or null; anything else there is a problem.</summary>
    public MapReader? Map(string key, string? expected = null)
    {
        switch (this[key])
        {
            case null:
                return null;
            case MapNode map:
                return new MapReader(Scope, map, At(key), RegistryPath(At(key)));
            case var other:
                Scope.Problems.Error(other, At(key), $"{At(key)}: a {SpecScope.Kind(other)} where a mapping belongs", "write " + (expected ?? "key: value pairs"));
                return null;
        }
    }

    /// <summary>The text exactly as written; blank text is a problem.</summary>
    public string? Text(string key)
    {
        Scope.TryRead<string>(this[key], At(key), AnyText, "text", out _);
        return (this[key] as ScalarNode)?.Value;
    }

    public int? Int(string key, int min, int max) =>
        Scope.TryRead(this[key], At(key), (string text, out long number) => SpecValues.TryInteger(text, out number) && number >= min && number <= max,
            $"a whole number from {min} to {max}", out var value) ? (int)value : null;

    public bool? Bool(string key) => Scope.TryRead<bool>(this[key], At(key), TryBool, "true or false", out var value) ? value : null;

    public TimeSpan? Duration(string key) =>
        Scope.TryRead<TimeSpan>(this[key], At(key), SpecValues.TryDuration, "a duration such as 90s, 30m or 1h30m", out var value) ? value : null;

    /// <summary>A duration of more than nothing, where zero would make no sense.</summary>
    public TimeSpan? PositiveDuration(string key) => Duration(key) is { } value && Positive(key, value > TimeSpan.Zero) ? value : null;

    /// <summary>Null for <c>auto</c> and for nothing.</summary>
    public TimeSpan? DurationOrAuto(string key) => IsWord(key, "auto") ? null : PositiveDuration(key);

    public ByteSize? Size(string key) =>
        Scope.TryRead<ByteSize>(this[key], At(key), SpecValues.TrySize, "a size such as 24GB", out var value) && Positive(key, value.Bytes > 0) ? value : null;

    public ByteSize? SizeOrAuto(string key) => IsWord(key, "auto") ? null : Size(key);

    public Money? Money(string key) =>
        Scope.TryRead<Money>(this[key], At(key), SpecValues.TryMoney, "an amount in dollars such as $3 or 0.60", out var value) ? value : null;

    public decimal? Fraction(string key) =>
        Scope.TryRead<decimal>(this[key], At(key), SpecValues.TryFraction, "a share such as 99% or 0.99", out var value) ? value : null;

    public string? AbsolutePath(string key) => Values.AbsolutePath(Scope, this[key], At(key));

    public string? Slug(string key) => Scope.TryRead<string>(this[key], At(key), Values.TrySlug, Values.SlugRule, out var value) ? value : null;

    public string? Signal(string key) =>
        Scope.TryRead<string>(this[key], At(key), Values.TrySignal, "a signal such as SIGTERM or SIGUSR1", out var value) ? value : null;

    public T? Choice<T>(string key, params (string Word, T Value)[] choices)
        where T : struct, Enum
    {
        var parse = (string text, out T value) =>
        {
            var index = Array.FindIndex(choices, choice => choice.Word == text.Replace('_', '-'));
            value = index < 0 ? default : choices[index].Value;
            return index >= 0;
        };
        return Scope.TryRead(this[key], At(key), new SpecScope.Parser<T>(parse), "one of " + string.Join(", ", choices.Select(choice => choice.Word)), out var value)
            ? value
            : null;
    }

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public ImmutableArray<string> Texts(string key) => Values.Texts(Scope, this[key], At(key));

    public bool IsWord(string key, string word) => this[key] is ScalarNode scalar && scalar.Value.Trim() == word;

    /// <summary>Registry path of a place: indices become [].</summary>
    public static string RegistryPath(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[]");

    private bool Positive(string key, bool holds)
    {
        if (!holds)
        {
            Scope.Problems.Error(this[key]!, At(key), $"{At(key)} is zero", "give more, or leave it out");
        }

        return holds;
    }

    private static bool AnyText(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    private static bool TryBool(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE";
    }
}
