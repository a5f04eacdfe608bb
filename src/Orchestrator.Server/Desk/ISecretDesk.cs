using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Secrets of the user's; values go in and never come out.</summary>
public interface ISecretDesk
{
    Task<ImmutableArray<SecretName>> ListAsync(CancellationToken cancellation);

    Task SetAsync(string name, string value, CancellationToken cancellation);

    /// <summary>Seals all of them with a new key; the old one is gone afterwards.</summary>
    Task<RotateReply> RotateAsync(CancellationToken cancellation);

    /// <summary>False = there was none. Throws <see cref="DeskException"/> while a live job names it.</summary>
    Task<bool> RemoveAsync(string name, CancellationToken cancellation);
}
