using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using Orchestrator.Engine.Hosts.Ssh;

namespace Orchestrator.Tests.Hosts.Docker;

/// <summary>A machine's Docker whose connections a test answers by hand.</summary>
internal sealed class FakeDocker
{
    private readonly ConcurrentQueue<TaskCompletionSource<ICommandStreams>> _wanted = new();
    private readonly SemaphoreSlim _asked = new(0);

    /// <summary>As the machine's command is dialled.</summary>
    public Task<ICommandStreams> DialAsync(CancellationToken cancellation)
    {
        var wanted = new TaskCompletionSource<ICommandStreams>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Register(() => wanted.TrySetCanceled(cancellation));
        _wanted.Enqueue(wanted);
        _asked.Release();
        return wanted.Task;
    }

    /// <summary>The next connection that is wanted, not open yet.</summary>
    public async Task<TaskCompletionSource<ICommandStreams>> WantedAsync()
    {
        await _asked.WaitAsync();
        return _wanted.TryDequeue(out var wanted) ? wanted : throw new InvalidOperationException("nothing is wanted");
    }

    /// <summary>Opens the next connection that is wanted, and reads the request.</summary>
    public async Task<Connection> OpenAsync()
    {
        var opened = new Connection();
        (await WantedAsync()).SetResult(opened);
        await opened.RequestAsync();
        return opened;
    }

    internal sealed class Connection : ICommandStreams
    {
        private readonly Pipe _toUs = new();
        private readonly Pipe _fromUs = new(new PipeOptions(pauseWriterThreshold: 0));

        public Connection() => (FromThere, ToThere) = (_fromUs.Reader.AsStream(), _toUs.Writer.AsStream());

        public Stream FromThere { get; }

        public Stream ToThere { get; }

        public string Problems { get; set; } = "";

        public Task<string> ProblemsAsync() => Task.FromResult(Problems);

        /// <summary>Until its empty line: none of the tests' requests has a body.</summary>
        public async Task<string> RequestAsync()
        {
            while (true)
            {
                var read = await _toUs.Reader.ReadAsync();
                var text = Encoding.ASCII.GetString(read.Buffer);
                if (text.EndsWith("\r\n\r\n", StringComparison.Ordinal) || read.IsCompleted)
                {
                    _toUs.Reader.AdvanceTo(read.Buffer.End);
                    return text;
                }

                _toUs.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }

        /// <summary>What follows <see cref="End"/> ends.</summary>
        public Task BeginAsync() => SayAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");

        public async Task SayAsync(string words) => await _fromUs.Writer.WriteAsync(Encoding.ASCII.GetBytes(words));

        public void End() => _fromUs.Writer.Complete();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
