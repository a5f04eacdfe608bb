namespace Orchestrator.Emulators;

/// <param name="UserData">For cloud-init; empty = none.</param>
/// <param name="LoginKey">Of its user, as a line of <c>authorized_keys</c>.</param>
public sealed record MachineOrder(string UserData, string LoginKey)
{
    /// <summary>It boots, and nothing listens on it.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Its user may use Docker from the beginning.</summary>
    public bool IsUserInDockerGroup { get; init; }

    /// <summary>Its driver is of years ago: the file that says so to drivers of our images is there from the beginning.</summary>
    public bool IsDriverOld { get; init; }

    /// <summary>Its card fails whoever asks for it: another such file.</summary>
    public bool IsCardDead { get; init; }

    /// <summary>Its card is listed as well as ever, and no program can use it: another such file.</summary>
    public bool IsCudaDead { get; init; }
}
