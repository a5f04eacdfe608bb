namespace Orchestrator.Server.Api;

/// <summary>Trainings that were cut off.</summary>
/// <param name="Count">How many.</param>
/// <param name="LostMinutes">Trained after the newest checkpoint in the store.</param>
/// <param name="AwayMinutes">From the cut until the job trained again, ended or was paused.</param>
public sealed record ReportInterruptions(int Count, double LostMinutes, double AwayMinutes);
