using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Templates;

/// <summary>The types that a template's vars can have.</summary>
internal static class TemplateInputTypes
{
    public static readonly ImmutableArray<string> Names = ["string", "int", "number", "boolean", "choice", "duration", "size", "money"];

    /// <summary>Null = the text is a value of the input's type; else what would be one.</summary>
    public static string? Wrong(TemplateInput input, string text) => input.Type switch
    {
        "int" => SpecValues.TryInteger(text, out _) ? null : "a whole number",
        "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? null : "a number such as 3, 0.1 or 1e-4",
        "boolean" => text is "true" or "false" ? null : "true or false",
        "choice" => input.Options.Contains(text) ? null : "one of " + string.Join(", ", input.Options),
        "duration" => SpecValues.TryDuration(text, out _) ? null : "a duration such as 90s, 30m or 1h30m",
        "size" => SpecValues.TrySize(text, out _) ? null : "a size such as 24GB",
        "money" => SpecValues.TryMoney(text, out _) ? null : "an amount in dollars such as $3 or 0.60",
        _ => null,
    };
}
