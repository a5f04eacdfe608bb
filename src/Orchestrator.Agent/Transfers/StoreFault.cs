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
    /// <summary>No server is there to grant it.</summary>
    Alone,
    /// <summary>The store does not take a grant that was kept: it has run out, or whoever signed it lost the right to.</summary>
    Denied,
}
