namespace Orchestrator.Providers.Local;

/// <summary>Who the supervisor is: written by it, a pid alone would be reused.</summary>
public sealed record LocalSupervisor(string BootId, int Pid, long StartTicks);
