namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>The standard streams of a command that runs on a machine; disposing them ends it.</summary>
internal interface ICommandStreams : IAsyncDisposable
{
    Stream FromThere { get; }

    Stream ToThere { get; }

    /// <summary>What the command complained of, once it has ended; empty while it has not.</summary>
    Task<string> ProblemsAsync();
}
