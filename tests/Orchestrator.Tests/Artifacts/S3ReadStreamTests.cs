using Amazon.S3.Model;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class S3ReadStreamTests
{
    private readonly FakeTimeProvider _time = new();

    /// <summary>A connection that died without a word: whoever reads must not wait for ever.</summary>
    [Fact]
    public async Task A_body_that_stands_still_is_given_up()
    {
        await using var stream = Over(new StandingStill());
        var read = stream.ReadAsync(new byte[10]).AsTask();

        _time.Advance(S3ReadStream.Silence - TimeSpan.FromSeconds(1));
        Assert.False(read.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("no byte came for 60 s", (await Assert.ThrowsAsync<StoreException>(() => read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_is_stopped_is_told_so()
    {
        using var stopped = new CancellationTokenSource();
        await using var stream = Over(new StandingStill());
        var read = stream.ReadAsync(new byte[10], stopped.Token).AsTask();

        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    private S3ReadStream Over(Stream body) =>
        new(new GetObjectResponse { ResponseStream = body }, error => new StoreException(StoreErrorKind.Transient, error.Message, error), _time);

    private sealed class StandingStill : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
