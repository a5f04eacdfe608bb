namespace Orchestrator.Jobs;

/// <summary>Whose checkpoint layout this is; sets what one entry is, when it is complete and how to resume.</summary>
public enum CheckpointFormat
{
    /// <summary>Recognised by what appears in the folder.</summary>
    Auto,
    Huggingface,
    Lightning,
    Accelerate,
    TorchDcp,
    Kohya,
    /// <summary>Whatever appears, file or folder.</summary>
    Files,
}
