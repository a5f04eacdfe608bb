namespace Orchestrator.Providers.Renting;

/// <summary>A provider that tells of the account that pays.</summary>
public interface IAccountSource
{
    Task<AccountState> GetAccountAsync(CancellationToken cancellation);
}
