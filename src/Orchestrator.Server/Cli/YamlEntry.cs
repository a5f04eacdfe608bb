using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Orchestrator.Server.Cli;

/// <summary>One named entry of <c>orchestrator.yaml</c> as text, for a person to put into their file.</summary>
/// <param name="Block">The key it belongs under, such as <c>stores</c>.</param>
/// <param name="Name">Of the entry.</param>
/// <param name="Keys">In order; those without a value are left out.</param>
internal sealed partial record YamlEntry(string Block, string Name, ImmutableArray<(string Key, string? Value)> Keys)
{
    /// <summary>With the line of the block, so that it is a configuration of its own.</summary>
    internal IEnumerable<string> Lines() => Keys.Where(pair => pair.Value is not null).Select(pair => $"    {pair.Key}: {pair.Value}").Prepend($"  {Scalar(Name)}:").Prepend(Block + ":");

    /// <summary>Quoted where YAML would read it as something else.</summary>
    internal static string? Scalar(string? text) => text is null || PlainPattern().IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[A-Za-z0-9/$][A-Za-z0-9._/+$@-]*(:[A-Za-z0-9._/+$@-]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPattern();
}
