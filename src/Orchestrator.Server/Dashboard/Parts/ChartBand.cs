namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>A stretch of time, in seconds since 1970.</summary>
internal sealed record ChartBand(double From, double To, string Name);
