using System.Collections.Immutable;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Secrets, sealed before they reach the database.</summary>
public sealed class EngineSecretDesk(SecretStore store, SecretBox box, SecretsKey key) : ISecretDesk
{
    public async Task<ImmutableArray<SecretName>> ListAsync(CancellationToken cancellation) =>
        [.. (await store.ListAsync(cancellation)).Select(secret => new SecretName(secret.Name, secret.UpdatedAt))];

    public Task SetAsync(string name, string value, CancellationToken cancellation) => store.SetAsync(name, box.Seal(name, value), key.Id, cancellation);

    public Task<bool> RemoveAsync(string name, CancellationToken cancellation) => store.DeleteAsync(name, cancellation);
}
