using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class TimelineViewTests
{
    [Fact]
    public void Bookkeeping_is_no_part_of_the_story()
    {
        var told = TimelineView.Story([Entry(1, "job-submitted"), Entry(2, "agent-events-applied"), Entry(3, "absence-noted"), Entry(4, "attempt-ending")]);

        Assert.Equal([1L, 4L], told.Select(entry => entry.Seq));
    }

    private static TimelineEntry Entry(long seq, string kind) => new(seq, DateTimeOffset.UnixEpoch, kind, null, "why");
}
