namespace Orchestrator.Spending;

/// <summary><c>limits</c> of one account in <c>orchestrator.yaml</c>, over all that is rented with it. They hold beside those of the server.</summary>
/// <param name="Name">As the configuration calls the account.</param>
/// <param name="Provider">Where it rents.</param>
/// <param name="Limits">What it may take at most.</param>
public sealed record AccountLimits(string Name, string Provider, ServerLimits Limits);
