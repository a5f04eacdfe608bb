using Renci.SshNet;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>One running command and its streams. Reads and writes block: they belong on threads of their own.</summary>
internal sealed class SshExecution : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly SshCommand _command;

    /// <summary>Opens the channel, which blocks.</summary>
    public SshExecution(SshCommand command)
    {
        _command = command;
        Ended = command.ExecuteAsync(CancellationToken.None);
        try
        {
            Input = command.CreateInputStream();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
            Input = Stream.Null;
        }
    }

    public Task Ended { get; }

    public Stream Input { get; }

    public Stream Output => _command.OutputStream;

    public Stream Problems => _command.ExtendedOutputStream;

    public int? ExitCode => _command.ExitStatus;

    public async ValueTask DisposeAsync()
    {
        // Closing a channel waits for the other side: bounded, and off our thread.
        await Task.Run(_command.Dispose).WaitAsync(_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = Ended.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
