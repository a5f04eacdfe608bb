using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Specs;

/// <summary>Puts values in the place of <c>${{ ... }}</c>. What is filled in is text, and read like text that was written there.</summary>
internal static partial class ExpressionFiller
{
    /// <param name="node">Its expressions were checked (<see cref="ExpressionCheck"/>).</param>
    /// <param name="values">By context and name: <c>matrix.lr</c>. An expression that is not among them stays.</param>
    public static SpecNode Fill(SpecNode node, IReadOnlyDictionary<string, string> values) => node switch
    {
        ScalarNode { HasExpression: true } scalar => scalar with { Value = Expression().Replace(scalar.Value, match => values.GetValueOrDefault(match.Groups["name"].Value, match.Value)) },
        ListNode list => list with { Items = [.. list.Items.Select(item => Fill(item, values))] },
        MapNode map => map with { Entries = [.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Fill(entry.Value, values)))] },
        _ => node,
    };

    [GeneratedRegex(@"\$\{\{\s*(?<name>(matrix|vars)\.[A-Za-z_][A-Za-z0-9_-]*)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Expression();
}
