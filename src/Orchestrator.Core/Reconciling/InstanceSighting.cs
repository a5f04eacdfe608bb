namespace Orchestrator.Reconciling;

/// <param name="InstanceId">The provider's id of it.</param>
/// <param name="Status">What the list says it does.</param>
/// <param name="Words">The provider's own words for that.</param>
/// <param name="Term">Null = the list does not tell, and what the offer said still holds.</param>
/// <param name="PerHour">What it costs by the provider's own record; null = the list does not tell.</param>
public sealed record InstanceSighting(string InstanceId, InstanceStatus Status, string Words, RentalTerm? Term = null, Money? PerHour = null);
