using Orchestrator.Engine.Backups;
using Xunit;

namespace Orchestrator.Tests.Backups;

public sealed class CopyOrderTests
{
    [Fact]
    public void What_others_refer_to_comes_first() => Assert.Equal(
        ["batches", "jobs", "attempts", "events"],
        CopyOrder.Of(["attempts", "batches", "events", "jobs"], [("attempts", "jobs"), ("events", "jobs"), ("jobs", "batches"), ("jobs", "jobs"), ("events", "attempts")]).AsEnumerable());

    [Fact]
    public void A_circle_has_no_order() =>
        Assert.Contains("a, b", Assert.Throws<InvalidOperationException>(() => CopyOrder.Of(["a", "b", "c"], [("a", "b"), ("b", "a")])).Message, StringComparison.Ordinal);
}
