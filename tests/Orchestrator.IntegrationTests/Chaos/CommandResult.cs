namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What one call of the command line did.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Errors}";
}
