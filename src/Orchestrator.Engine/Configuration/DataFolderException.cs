namespace Orchestrator.Engine.Configuration;

/// <summary>The data folder cannot be found or used; the message is for a person to read as it is.</summary>
public sealed class DataFolderException : Exception
{
    public DataFolderException(string message)
        : base(message)
    {
    }

    public DataFolderException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
