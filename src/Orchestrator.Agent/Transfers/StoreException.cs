namespace Orchestrator.Agent.Transfers;

/// <summary>What went wrong between us and the store.</summary>
internal sealed class StoreException(StoreFault fault, string message) : Exception(message)
{
    public StoreFault Fault { get; } = fault;
}
