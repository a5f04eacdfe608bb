namespace Orchestrator.Providers.Renting;

/// <summary>A provider that gives each instance a key of its own, good for ending that instance and nothing else.</summary>
public interface ISelfEnding
{
    /// <summary>A DELETE to it with that key ends the instance.</summary>
    Uri EndOf(string instanceId);
}
