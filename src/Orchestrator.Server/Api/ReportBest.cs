namespace Orchestrator.Server.Api;

/// <summary>The best result of a batch.</summary>
/// <param name="Metric">By this figure.</param>
/// <param name="Least">Less was taken for better.</param>
/// <param name="Value">What it came to.</param>
/// <param name="Job">The job's number.</param>
/// <param name="Name">The job's name.</param>
/// <param name="Cell">The values of the matrix that it was run with.</param>
public sealed record ReportBest(string Metric, bool Least, double Value, long Job, string Name, string? Cell);
