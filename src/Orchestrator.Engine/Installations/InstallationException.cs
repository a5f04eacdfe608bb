namespace Orchestrator.Engine.Installations;

/// <summary>This server must not run as it is set up; the message says what to do.</summary>
public sealed class InstallationException : Exception
{
    public InstallationException(string message)
        : base(message)
    {
    }

    public InstallationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
