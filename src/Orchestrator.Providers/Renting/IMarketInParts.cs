namespace Orchestrator.Providers.Renting;

/// <summary>A provider whose market cannot be read at once: what it offers may be a part of what there is.</summary>
public interface IMarketInParts
{
    /// <summary>What of it was not seen, for a person; null = nothing. As of the newest look.</summary>
    string? Unseen { get; }
}
