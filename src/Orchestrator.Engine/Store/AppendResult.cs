namespace Orchestrator.Engine.Store;

/// <summary>What became of a tick's events.</summary>
public enum AppendResult
{
    Committed,

    /// <summary>The lease ran out, another has it, or the state is no longer what was decided on.</summary>
    Fenced,

    /// <summary>An attempt was planned, and meanwhile another job has taken the room that the server's limits left: decide again.</summary>
    NoRoom,
}
