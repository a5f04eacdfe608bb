using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Orchestrator.Tests.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Hosts;

public sealed class FolderStoreRelayTests : IDisposable
{
    private static readonly Uri _server = new("http://127.0.0.1:8080");
    private readonly TemporaryStore _store = new();

    /// <summary>Two lines would take two ports there, one of them held for ever by nobody.</summary>
    [Fact]
    public async Task Two_first_grants_for_a_machine_at_one_moment_begin_one_line()
    {
        using var enough = new CancellationTokenSource();
        var threads = new Thread[2];
        var asking = new Task[2];
        var arrived = 0;
        var begun = 0;
        using var relay = new FolderStoreRelay(
            _ =>
            {
                Interlocked.Increment(ref begun);
                // The line is not made before the other thread has come in here as well, or waits for this one.
                var other = Array.Find(threads, thread => thread != Thread.CurrentThread)!;
                SpinWait.SpinUntil(() => Volatile.Read(ref begun) == 2 || (other.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
                return cancellation => Task.FromCanceled<SshSession>(new CancellationToken(canceled: true));
            },
            [_store.Store],
            "e1",
            () =>
            {
                // Asked just before a line is looked for. Without a pause: a thread that sleeps would be taken for one that waits.
                Interlocked.Increment(ref arrived);
                while (Volatile.Read(ref arrived) < 2)
                {
                    Thread.SpinWait(20);
                }

                return _server;
            },
            NullLogger<FolderStoreRelay>.Instance);
        var machine = new MachineAddress { Name = "box", Host = "box", User = "me" };
        var url = new Uri(_server, _store.Store.Path + "?signed").AbsoluteUri;

        for (var at = 0; at < 2; at++)
        {
            var mine = at;
            threads[mine] = new(() => asking[mine] = relay.ReachAsync(machine, url, enough.Token));
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await enough.CancelAsync();

        Assert.Equal(1, begun);
        foreach (var asked in asking)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
    }

    public void Dispose() => _store.Dispose();
}
