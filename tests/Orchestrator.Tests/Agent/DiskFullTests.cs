using Orchestrator.Agent;
using Xunit;

namespace Orchestrator.Tests.Agent;

public sealed class DiskFullTests
{
    // Always full, wherever Linux runs, and of no size at all.
    private const string Full = "/proc";

    /// <summary>It was called a full disk, and a larger one was paid for.</summary>
    [Fact]
    public void The_words_count_only_where_a_disk_is_full()
    {
        const string Words = "RuntimeError: unable to write to file </torch_7_1>: No space left on device (28)";

        Assert.False(DiskFull.IsMeantBy(Words, ["/nowhere"]));
        Assert.True(DiskFull.IsMeantBy(Words, ["/nowhere", Full]));
        Assert.False(DiskFull.IsMeantBy("Traceback", [Full]));
    }

    [Fact]
    public void A_quota_shows_in_words_only()
    {
        Assert.True(DiskFull.IsMeantBy("OSError: [Errno 122] Disk quota exceeded", ["/nowhere"]));
    }
}
