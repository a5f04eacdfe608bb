namespace Orchestrator.Emulators;

/// <param name="UserData">For cloud-init; empty = none.</param>
/// <param name="LoginKey">Of its user, as a line of <c>authorized_keys</c>.</param>
public sealed record MachineOrder(string UserData, string LoginKey);
