using System.Collections.Immutable;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Secrets go in sealed and come out only into a trainer's environment.</summary>
internal sealed class EngineSecrets(SecretStore secrets, SecretBox box, SecretsKey key) : ISecretDesk
{
    public async Task<ImmutableArray<SecretName>> ListAsync(CancellationToken cancellation) =>
        [.. (await secrets.ListAsync(cancellation)).Select(secret => new SecretName(secret.Name, secret.UpdatedAt))];

    public Task SetAsync(string name, string value, CancellationToken cancellation) => secrets.SetAsync(name, box.Seal(name, value), key.Id, cancellation);

    public Task<bool> RemoveAsync(string name, CancellationToken cancellation) => secrets.DeleteAsync(name, cancellation);
}
