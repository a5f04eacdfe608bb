using System.IO.Pipelines;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The input and output of a long-running command. The library's streams block and buffer without a bound: a thread of its own drains
/// the one, and a peer that sends faster than we read for long is cut off.
/// </summary>
internal sealed class SshStreams : ICommandStreams
{
    private const long MostUnread = 32 << 20;
    private const int MaxProblems = 4 << 10;
    private static readonly TimeSpan _problemsLate = TimeSpan.FromSeconds(2);

    private readonly SshSession _session;
    private readonly SshExecution _execution;
    private readonly IDisposable _place;
    private readonly Pipe _fromThere = new(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 1 << 20, useSynchronizationContext: false));
    private readonly BoundedReader _problems;
    private readonly Task _problemsRead;
    private readonly CancellationTokenRegistration _broken;

    public SshStreams(SshSession session, SshExecution execution, IDisposable place)
    {
        (_session, _execution, _place) = (session, execution, place);
        FromThere = _fromThere.Reader.AsStream();
        ToThere = new BlockingWriter(execution.Input);
        // Nothing may pile up, whether anybody wants to know it or not.
        _problems = new BoundedReader(execution.Problems, MaxProblems);
        _problemsRead = _problems.ReadAsync(stopAtLimit: false);
        Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _broken = session.Broken.Register(() =>
        {
            _fromThere.Writer.CancelPendingFlush();
            _ = execution.DisposeAsync().AsTask();
        });
    }

    public Stream FromThere { get; }

    public Stream ToThere { get; }

    public async Task<string> ProblemsAsync()
    {
        await Task.WhenAny(_problemsRead, Task.Delay(_problemsLate));
        return _problemsRead.IsCompleted ? _problems.Text.Trim() : "";
    }

    public async ValueTask DisposeAsync()
    {
        await _broken.DisposeAsync();
        await _fromThere.Reader.CompleteAsync();
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
                var memory = _fromThere.Writer.GetMemory(32 << 10);
                var read = output.Read(memory.Span);
                if (read == 0)
                {
                    break;
                }

                _session.Answered();
                _fromThere.Writer.Advance(read);
                var flushed = _fromThere.Writer.FlushAsync().AsTask().GetAwaiter().GetResult();
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
        catch (Exception cut)
        {
            // Of whatever type: whoever reads must learn that nothing more comes.
            end = new IOException("the connection was cut", cut);
        }

        _fromThere.Writer.Complete(end);
    }
}
