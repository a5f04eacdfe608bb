namespace Orchestrator.Server.Configuration;

/// <param name="Line">1 for the first.</param>
/// <param name="Column">1 for the first.</param>
/// <param name="IsError">False: a note that something is not available yet.</param>
/// <param name="Text">What; what to do.</param>
public sealed record ConfigurationProblem(int Line, int Column, bool IsError, string Text)
{
    public string Print(string file) => $"{file}:{Line}:{Column}: {Text}";
}
