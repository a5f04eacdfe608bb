namespace Orchestrator.Server.Api;

/// <param name="What"><c>image</c>, <c>code</c> or <c>data</c>.</param>
/// <param name="Name">Which.</param>
/// <param name="IsPinned">False = which version that is is found out when the job is submitted.</param>
public sealed record PlanPin(string What, string Name, bool IsPinned);
