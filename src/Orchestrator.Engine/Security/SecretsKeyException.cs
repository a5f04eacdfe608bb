namespace Orchestrator.Engine.Security;

/// <summary>The secrets key is missing, damaged or another one; the message is for a person to read as it is.</summary>
public sealed class SecretsKeyException : Exception
{
    public SecretsKeyException(string message)
        : base(message)
    {
    }

    public SecretsKeyException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
