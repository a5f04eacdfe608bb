using System.Collections.Immutable;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Secrets, sealed before they reach the database.</summary>
public sealed class EngineSecretDesk(SecretStore store, SecretsKeyring keys, SecretsRotation rotation) : ISecretDesk
{
    public async Task<ImmutableArray<SecretName>> ListAsync(CancellationToken cancellation) =>
        [.. (await store.ListAsync(cancellation)).Select(secret => new SecretName(secret.Name, secret.UpdatedAt))];

    public Task SetAsync(string name, string value, CancellationToken cancellation) => store.SetAsync(name, () => keys.Seal(name, value), cancellation);

    public async Task<RotateReply> RotateAsync(CancellationToken cancellation)
    {
        try
        {
            var count = await rotation.RotateAsync(cancellation);
            return new(keys.NewestId, count);
        }
        catch (SecretsKeyException closed)
        {
            throw new DeskException(Refusal.Policy, $"nothing was changed: {closed.Message}", "or remove it: orchestrator secret remove NAME");
        }
        catch (TimeoutException busy)
        {
            throw new DeskException(Refusal.Policy, $"nothing was changed: {busy.Message}", "another rotation is under way; try again when it is over");
        }
    }

    public async Task<bool> RemoveAsync(string name, CancellationToken cancellation)
    {
        const int named = 5;
        var removal = await store.RemoveAsync(name, cancellation);
        if (removal.NeededBy is { IsEmpty: false } jobs)
        {
            var more = jobs.Length > named ? $" and {jobs.Length - named} more" : "";
            throw new DeskException(
                Refusal.Policy,
                $"secret {name} is needed by {string.Join(", ", jobs.Take(named))}{more}",
                $"cancel or finish them first; to change its value: orchestrator secret set {name}");
        }

        return removal.IsRemoved;
    }
}
