namespace Orchestrator.Providers.Renting;

/// <summary>A provider that gives each instance a key of its own, good for ending that instance.</summary>
public interface ISelfEnding
{
    /// <summary>False: it is tried all the same, and nobody is promised that it works.</summary>
    bool IsSelfEndConfirmed => true;

    /// <summary>A DELETE to it with that key ends the instance.</summary>
    Uri EndOf(string instanceId);
}
