namespace Orchestrator.Agent.Transfers;

internal enum StoreFault
{
    /// <summary>Unreachable, refusing, slow: try again, for ever.</summary>
    Transient = 0,
    /// <summary>No such object.</summary>
    Missing,
    /// <summary>The object is not what it should be.</summary>
    Damaged,
    /// <summary>The key is taken (write once).</summary>
    Taken,
    /// <summary>The server will never grant this.</summary>
    Refused,
}
