using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Engine.Acting;

/// <summary>Whether a spec lets its job onto machines of one's own, which get what no rented host is given.</summary>
internal static class OwnMachineRule
{
    public static bool Allows(ImmutableArray<ProviderChoice> choices) =>
        !choices.Any(choice => choice.Excluded && choice.Name == OwnMachines.Provider)
        && (choices.All(choice => choice.Excluded) || choices.Any(choice => !choice.Excluded && (choice.Name == OwnMachines.Provider || OwnMachines.Has(choice.Name))));
}
