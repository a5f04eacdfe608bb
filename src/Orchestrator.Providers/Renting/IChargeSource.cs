namespace Orchestrator.Providers.Renting;

/// <summary>A provider that publishes what each instance has cost.</summary>
public interface IChargeSource
{
    /// <summary>All charges of the account in that time, from every page, ours or not; they lag behind what was used.</summary>
    Task<IReadOnlyList<InstanceCharge>> ListChargesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);
}
