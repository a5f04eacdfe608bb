namespace Orchestrator.Providers.Renting;

/// <summary>The keys that rented instances are reached with. What the rental providers need of the outside; Engine implements it.</summary>
public interface IReachKeys
{
    /// <summary>Public half of the key we log in with, as a line of <c>authorized_keys</c>.</summary>
    string LoginKey { get; }

    /// <summary>File of its private half; null = the ssh-agent holds it.</summary>
    string? LoginKeyFile { get; }

    /// <summary>The key that the instance of this label must show.</summary>
    DerivedKey HostKeyOf(string label);
}
