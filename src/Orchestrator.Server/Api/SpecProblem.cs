namespace Orchestrator.Server.Api;

/// <param name="Line">1 for the first.</param>
/// <param name="Column">1 for the first.</param>
/// <param name="Severity">error, warning or not-available.</param>
/// <param name="Text">The whole line as <c>validate</c> prints it: file:line:column: what; what to do.</param>
public sealed record SpecProblem(int Line, int Column, string Severity, string Text);
