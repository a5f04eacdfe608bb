namespace Orchestrator.Emulators.RunPod;

/// <summary>Requests of one account within a minute, an hour and a day; the defaults were measured, the specification's example says 60, 3000 and 50000.</summary>
public sealed record RunPodQuotas(int Minute = 180, int Hour = 7200, int Day = 86400);
