using System.Collections.Immutable;

namespace Orchestrator.Server.Configuration;

/// <summary>Providers that rent, with the variable their own tools read the key from.</summary>
internal static class KeyVariables
{
    internal static ImmutableSortedDictionary<string, string> Names { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal, [KeyValuePair.Create("lambda", "LAMBDA_API_KEY"), KeyValuePair.Create("runpod", "RUNPOD_API_KEY"), KeyValuePair.Create("vast", "VAST_API_KEY")]);

    /// <summary>Those that have a value, which nobody gets to see.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Set(Func<string, string?> variables) => Names.Where(pair => variables(pair.Value) is { Length: > 0 });
}
