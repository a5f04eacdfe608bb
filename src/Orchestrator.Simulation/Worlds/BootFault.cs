namespace Orchestrator.Simulation.Worlds;

/// <summary>How a launch comes to nothing.</summary>
internal enum BootFault
{
    None,
    /// <summary>The offer was taken by somebody else in between.</summary>
    Refused,
    /// <summary>Created, and stopped before it ever ran.</summary>
    Stopped,
    /// <summary>Loads for ever.</summary>
    Stuck,
}
