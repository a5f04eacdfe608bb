using Npgsql;
using Orchestrator.Engine.Security;
using Orchestrator.Providers;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>The API key of an account, read for each request: one that was replaced needs no restart.</summary>
internal sealed class AccountKey(AccountEntry account, TokenReader tokens)
{
    /// <exception cref="ProviderException">It cannot be read; nothing was sent.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await tokens.ReadAsync(account.Key, $"accounts.{account.Name}.key", cancellation);
        }
        catch (TokenException missing)
        {
            throw new ProviderException(ProviderErrorKind.Unauthorized, missing.Message, missing) { NothingSent = true };
        }
        catch (NpgsqlException away)
        {
            throw new ProviderException(ProviderErrorKind.RateLimited, $"the key of account {account.Name} cannot be read from the database, so nothing was sent: {away.Message}", away) { NothingSent = true };
        }
    }
}
