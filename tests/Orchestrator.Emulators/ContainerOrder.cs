using System.Collections.Immutable;

namespace Orchestrator.Emulators;

/// <param name="Image">As the caller named it.</param>
/// <param name="Entrypoint">Null = the image's.</param>
/// <param name="Arguments">Of the entrypoint.</param>
/// <param name="Environment">Without the ports.</param>
/// <param name="Ports">That are to be reached from outside.</param>
public sealed record ContainerOrder(string Image, string? Entrypoint, ImmutableArray<string> Arguments, ImmutableDictionary<string, string> Environment, ImmutableArray<int> Ports)
{
    /// <summary>It stays, and nothing of what was ordered runs in it.</summary>
    public ContainerOrder Idle() => this with { Entrypoint = "/bin/sh", Arguments = ["-c", "while :; do sleep 60; done"] };

    /// <summary>Its process ends at once, whatever was ordered.</summary>
    public ContainerOrder Crashing() => this with { Entrypoint = "/bin/sh", Arguments = ["-c", "sleep 1; exit 1"] };

    /// <summary>Its driver is of years ago: another such file.</summary>
    public bool IsDriverOld { get; init; }

    /// <summary>Its card fails whoever uses it: the file that says so to the drivers of our images is there from the beginning.</summary>
    public bool IsCardDead { get; init; }

    /// <summary>Its card is listed as well as ever, and no program can use it: another such file.</summary>
    public bool IsCudaDead { get; init; }

    /// <summary>User, password and registry of the pull; null = none is needed.</summary>
    public (string User, string Password, string Registry)? Login { get; init; }
}
