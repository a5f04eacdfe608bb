namespace Orchestrator.Providers.Renting;

/// <summary>A provider that gives each instance a key of its own, good for ending that instance.</summary>
public interface ISelfEnding
{
    /// <summary>False: it is tried all the same, and nobody is promised that it works.</summary>
    bool IsSelfEndConfirmed => true;

    /// <summary>A host that no agent of ours has been given a lease on ends itself so long after its start, as far as its image allows; null = it does not.</summary>
    TimeSpan? EndsAlone => null;

    /// <summary>A DELETE to it with that key ends the instance.</summary>
    Uri EndOf(string instanceId);
}
