namespace Orchestrator.Simulation.Worlds;

/// <summary>How an interruption shows.</summary>
internal enum LossKind
{
    /// <summary>The provider says stopped (outbid, or its owner ended it).</summary>
    Stopped,
    /// <summary>It vanishes from the list.</summary>
    Gone,
    /// <summary>The host is not heard any more and the provider calls it running.</summary>
    Silent,
    /// <summary>Stopped after a notice, in which the trainer can save.</summary>
    Noticed,
}
