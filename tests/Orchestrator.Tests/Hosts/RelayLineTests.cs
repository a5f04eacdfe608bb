using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.Tests.Hosts;

public sealed class RelayLineTests
{
    /// <summary>It is begun once per machine: one that died would keep every grant for that machine waiting until the server starts again.</summary>
    [Fact]
    public async Task Whatever_cuts_a_line_it_is_made_again_and_says_why_it_is_not_there()
    {
        using var stopping = new CancellationTokenSource();
        var again = new TaskCompletionSource();
        var times = 0;
        var line = new RelayLine(
            new MachineAddress { Name = "box", Host = "box", User = "me" },
            async cancellation =>
            {
                if (Interlocked.Increment(ref times) == 1)
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }

                again.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException("never reached");
            },
            () => new FolderStoreListener([]),
            "e1",
            NullLogger.Instance,
            stopping.Token);

        await again.Task.WaitAsync(TimeSpan.FromMinutes(2));

        var refused = await Assert.ThrowsAsync<ProviderException>(() => line.OpenAsync(TimeSpan.Zero, default));
        Assert.Contains(new SocketException((int)SocketError.ConnectionReset).Message, refused.Message, StringComparison.Ordinal);
        await stopping.CancelAsync();
    }
}
