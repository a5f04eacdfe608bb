namespace Orchestrator.Engine.Store;

/// <summary>Something of ours that is, or may be, at an account.</summary>
public sealed record LivingInstance
{
    public string Label { get; init; } = "";

    /// <summary>Per hour, by our books; 0 = it is on no job's.</summary>
    public long PriceMicros { get; init; }
}
