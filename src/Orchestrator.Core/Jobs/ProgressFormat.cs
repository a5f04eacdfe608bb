namespace Orchestrator.Jobs;

/// <summary>Whose progress lines these are.</summary>
public enum ProgressFormat
{
    Auto,
    Tqdm,
    Huggingface,
    Lightning,
    Jsonl,
    /// <summary>Lines matched by <see cref="ProgressRule.Pattern"/>.</summary>
    Pattern,
    None,
}
