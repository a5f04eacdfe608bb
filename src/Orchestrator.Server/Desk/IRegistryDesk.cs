using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The registries that images come from.</summary>
public interface IRegistryDesk
{
    ImmutableArray<RegistryView> List();

    /// <summary>Asks one of them, or all, whether they take their login. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation);
}
