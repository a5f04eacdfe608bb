namespace Orchestrator.Engine.Telemetry;

/// <summary>What is paid at a provider, by the formula of the budgets.</summary>
/// <param name="Provider">Where.</param>
/// <param name="PerHour">Of all that is rented there now.</param>
/// <param name="Spent">Of all attempts there ever were.</param>
public sealed record ProviderMoney(string Provider, Money PerHour, Money Spent);
