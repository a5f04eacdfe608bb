namespace Orchestrator.Engine.Store.Views;

/// <summary>The lowest price of a card in one hour, over all providers.</summary>
public sealed record PricePoint(string Gpu, string Capacity, DateTimeOffset At, Money Lowest);
