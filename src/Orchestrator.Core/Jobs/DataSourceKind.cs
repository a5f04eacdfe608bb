namespace Orchestrator.Jobs;

/// <summary>Where data comes from.</summary>
public enum DataSourceKind
{
    /// <summary>A folder or file on the submitting machine.</summary>
    Folder,
    S3,
    Https,
    /// <summary>hf://owner/repository[/path].</summary>
    HuggingFace,
    /// <summary>job://name/outputs: what another job delivered.</summary>
    Job,
}
