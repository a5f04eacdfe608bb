using System.IO.Pipelines;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// One <c>agent attach</c> over an SSH channel. The library's streams block and buffer without a bound: a thread of its own drains the
/// one, and a peer that sends faster than we store for long is cut off; it goes on from where we stopped.
/// </summary>
internal sealed class SshAgentConnection : IAgentConnection
{
    private const long MostUnread = 32 << 20;
    private const int MaxProblems = 4 << 10;

    private readonly SshSession _session;
    private readonly SshExecution _execution;
    private readonly IDisposable _place;
    private readonly Pipe _fromAgent = new(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 1 << 20, useSynchronizationContext: false));
    private readonly CancellationTokenRegistration _broken;

    public SshAgentConnection(SshSession session, SshExecution execution, IDisposable place)
    {
        (_session, _execution, _place) = (session, execution, place);
        FromAgent = _fromAgent.Reader.AsStream();
        ToAgent = new BlockingWriter(execution.Input);
        // What attach complains of goes nowhere, but nothing may pile up.
        _ = new BoundedReader(execution.Problems, MaxProblems).ReadAsync(stopAtLimit: false);
        Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _broken = session.Broken.Register(() =>
        {
            _fromAgent.Writer.CancelPendingFlush();
            _ = execution.DisposeAsync().AsTask();
        });
    }

    public Stream FromAgent { get; }

    public Stream ToAgent { get; }

    /// <summary>How a URL of the store is told there.</summary>
    public required Func<string, CancellationToken, Task<string>> StoreUrls { get; init; }

    public Task<string> StoreUrlAsync(string url, CancellationToken cancellation) => StoreUrls(url, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _broken.DisposeAsync();
        await _fromAgent.Reader.CompleteAsync();
        await _execution.DisposeAsync();
        _place.Dispose();
    }

    private void Pump()
    {
        Exception? end = null;
        try
        {
            var output = _execution.Output;
            while (true)
            {
                var memory = _fromAgent.Writer.GetMemory(32 << 10);
                var read = output.Read(memory.Span);
                if (read == 0)
                {
                    break;
                }

                _session.Answered();
                _fromAgent.Writer.Advance(read);
                var flushed = _fromAgent.Writer.FlushAsync().AsTask().GetAwaiter().GetResult();
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }

                if (output.Length > MostUnread)
                {
                    end = new IOException($"more than {MostUnread >> 20} MiB wait to be read");
                    break;
                }
            }
        }
        catch (Exception cut) when (cut is ObjectDisposedException or IOException or InvalidOperationException)
        {
            end = new IOException("the connection was cut", cut);
        }

        _fromAgent.Writer.Complete(end);
    }
}
