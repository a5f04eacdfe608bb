using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

[JsonConverter(typeof(WordConverter<ProgressFormat>))]
public enum ProgressFormat
{
    /// <summary>The progress file where it appears, else whatever of the others the log shows.</summary>
    Auto = 0,
    Tqdm,
    HuggingFace,
    Lightning,
    JsonLines,
    Pattern,
    None,
}
