namespace Orchestrator.Emulators;

/// <summary>An instance with its bill, which comes from its own life and from nothing that a client says.</summary>
/// <param name="Id">The API's.</param>
/// <param name="Label">As its owner named it.</param>
/// <param name="Status">In the API's words; "gone" once it is.</param>
/// <param name="PerHour">Dollars for its cards.</param>
/// <param name="Amount">Dollars so far, as the provider rounds them.</param>
/// <param name="IsGone">Nothing of it is left.</param>
public sealed record EmulatedBill(string Id, string Label, string Status, double PerHour, double Amount, bool IsGone);
