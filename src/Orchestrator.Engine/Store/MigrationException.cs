namespace Orchestrator.Engine.Store;

/// <summary>The database's schema and this program do not fit; the message is for a person.</summary>
public sealed class MigrationException : Exception
{
    public MigrationException(string message)
        : base(message)
    {
    }

    public MigrationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
