namespace Orchestrator.Simulation.Markets;

/// <summary>A file that is no market, said for the person who named it.</summary>
public sealed class MarketFileException(string message) : Exception(message);
