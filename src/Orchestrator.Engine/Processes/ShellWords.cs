namespace Orchestrator.Engine.Processes;

/// <summary>One argument as a POSIX shell reads it. What an argument may not contain is the caller's to say.</summary>
public static class ShellWords
{
    public static string Quote(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}
