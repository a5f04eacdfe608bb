using System.Net;

namespace Orchestrator.Agent.Transfers;

/// <summary>What went wrong between us and the store.</summary>
internal sealed class StoreException(StoreFault fault, string message) : Exception(message)
{
    public StoreFault Fault { get; } = fault;

    /// <summary>The store's answer, where that is what went wrong and it matters to whoever asked; null otherwise.</summary>
    public HttpStatusCode? Status { get; init; }
}
