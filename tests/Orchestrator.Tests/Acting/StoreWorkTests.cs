using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Acting;
using Xunit;

namespace Orchestrator.Tests.Acting;

public sealed class StoreWorkTests : IDisposable
{
    private readonly StoreWork _works = new(new FakeTimeProvider(), NullLogger<StoreWork>.Instance);

    public void Dispose() => _works.Dispose();

    [Fact]
    public async Task What_is_being_done_is_not_begun_again_and_other_work_is()
    {
        var end = new TaskCompletionSource();
        var first = _works.Begin("verify a", isUrgent: false, _ => end.Task);

        Assert.Null(_works.Begin("verify a", isUrgent: false, _ => throw new InvalidOperationException("begun twice")));
        await _works.Begin("verify b", isUrgent: false, _ => Task.CompletedTask)!;

        end.SetResult();
        await first!;
        Assert.NotNull(_works.Begin("verify a", isUrgent: false, _ => Task.CompletedTask));
    }

    [Fact]
    public async Task What_failed_may_be_done_again()
    {
        await _works.Begin("verify a", isUrgent: false, _ => throw new InvalidOperationException("the store is away"))!;

        var done = false;
        await _works.Begin("verify a", isUrgent: false, _ => Task.FromResult(done = true))!;
        Assert.True(done);
    }

    /// <summary>A paid host waits for its scan; a row of large verifications is nobody's hurry.</summary>
    [Fact]
    public async Task What_a_host_waits_for_does_not_stand_behind_a_row_of_large_checkpoints()
    {
        var end = new TaskCompletionSource();
        var row = Enumerable.Range(0, 20).Select(i => _works.Begin($"verify {i}", isUrgent: false, _ => end.Task)!).ToList();

        await _works.Begin("scan", isUrgent: true, _ => Task.CompletedTask)!;

        Assert.All(row, one => Assert.False(one.IsCompleted));
        end.SetResult();
        await Task.WhenAll(row);
    }

    [Fact]
    public async Task A_server_that_stops_leaves_nothing_running()
    {
        var stopped = _works.Begin("verify a", isUrgent: false, cancellation => Task.Delay(Timeout.Infinite, cancellation))!;

        await _works.StopAsync(CancellationToken.None);

        Assert.True(stopped.IsCompletedSuccessfully);
    }
}
