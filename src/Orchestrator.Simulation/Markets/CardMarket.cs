namespace Orchestrator.Simulation.Markets;

/// <summary>How one card is sold.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Weight">Hosts of this card, relative to the others.</param>
/// <param name="OnDemand">Dollars per hour and card on the open market.</param>
/// <param name="Performance">The open market's own speed figure of one card.</param>
/// <param name="Secure">Dollars per hour and card in a data centre; null = not sold there.</param>
/// <param name="Community">Dollars per hour and card on private hosts under a provider's roof; null = not sold there.</param>
internal sealed record CardMarket(string Name, double Weight, Quantiles OnDemand, double Performance, double? Secure, (double Low, double High)? Community);
