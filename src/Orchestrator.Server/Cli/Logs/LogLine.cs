namespace Orchestrator.Server.Cli.Logs;

/// <param name="Attempt">Whose trainer wrote it.</param>
/// <param name="Text">One line without escape sequences, in the last state that carriage returns left.</param>
internal sealed record LogLine(int Attempt, string Text);
