using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class StoreTablesTests
{
    private static readonly Paint Plain = new(false);

    [Fact]
    public void A_list_says_which_is_the_default_and_what_is_wrong()
    {
        var lines = StoreTables.List(
            [
                new("folder", "folder /data/store", "folder", true, "ok", null, DateTimeOffset.UnixEpoch, 0),
                new("lab", "bucket b at https://s3.example.org", "ceph", false, "bad", "there is no bucket b", DateTimeOffset.UnixEpoch, 0.09m),
            ],
            160, Plain, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc).ToList();

        Assert.Equal(3, lines.Count);
        Assert.Contains("folder (default)", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("ok", lines[1], StringComparison.Ordinal);
        Assert.Contains("0.09", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("there is no bucket b", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_has_a_sum_and_says_what_was_not_counted()
    {
        var lines = StoreTables.Usage(
            new([new("folder", "lora-7", 1_200, 2_000_000), new("folder", null, 3, 500_000)], ["lab: not counted: there is no bucket b"]), 100, Plain).ToList();

        Assert.Equal(5, lines.Count);
        Assert.Contains("(code and data)", lines[2], StringComparison.Ordinal);
        Assert.Matches("all +1,203 +2.5 MB", lines[3]);
        Assert.Equal("lab: not counted: there is no bucket b", lines[4]);
        Assert.Equal(["nothing of ours is stored"], StoreTables.Usage(new([], []), 100, Plain));
    }
}
