using Orchestrator.Engine.Acting;
using Xunit;

namespace Orchestrator.Tests.Acting;

public sealed class OneAtATimeTests
{
    [Fact]
    public async Task What_is_being_done_is_not_begun_again_and_other_work_is()
    {
        var works = new OneAtATime();
        var end = new TaskCompletionSource();
        var first = works.TryAsync("verify a", () => end.Task);

        Assert.False(await works.TryAsync("verify a", () => throw new InvalidOperationException("begun twice")));
        Assert.True(await works.TryAsync("verify b", () => Task.CompletedTask));

        end.SetResult();
        Assert.True(await first);
        Assert.True(await works.TryAsync("verify a", () => Task.CompletedTask));
    }

    [Fact]
    public async Task What_failed_may_be_done_again()
    {
        var works = new OneAtATime();

        await Assert.ThrowsAsync<InvalidOperationException>(() => works.TryAsync("verify a", () => throw new InvalidOperationException("the store is away")));

        Assert.True(await works.TryAsync("verify a", () => Task.CompletedTask));
    }
}
