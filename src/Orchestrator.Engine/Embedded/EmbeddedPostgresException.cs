namespace Orchestrator.Engine.Embedded;

/// <summary>The embedded PostgreSQL cannot be had; the message says what, where, and what to do, for a person to read as it is.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    public EmbeddedPostgresException(string message)
        : base(message)
    {
    }

    public EmbeddedPostgresException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
