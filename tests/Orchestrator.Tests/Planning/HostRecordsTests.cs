using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Planning.Hosts;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class HostRecordsTests
{
    private static readonly ImmutableSortedDictionary<string, DateTimeOffset> NoPardons = ImmutableSortedDictionary<string, DateTimeOffset>.Empty;

    [Fact]
    public void What_was_seen_of_a_host_is_counted()
    {
        var good = At("vast/a");
        var record = Assert.Single(HostRecords.Of(
            new MarketMemory
            {
                Boots = [Boot("vast/a", 30, 2), Boot("vast/a", 20, 4), Boot("vast/a", 10, null), Boot("vast/a", 5, 3), new(good with { Host = null }, Market.Now, null)],
                Lives = [new(good, Market.Now.AddHours(-20), TimeSpan.FromHours(5), true), new(good, Market.Now.AddHours(-1), TimeSpan.FromHours(3), false)],
                Faults = [new(good, Market.Now.AddHours(-20), EndReason.HostFailed)],
            },
            Market.Now));

        Assert.Equal(("vast/a", "RTX 4090", 4, 1, 1, 1), (record.Host, record.Gpu, record.Launches, record.NeverReady, record.Interruptions, record.Faults));
        Assert.Equal((TimeSpan.FromMinutes(3), TimeSpan.FromHours(8), Market.Now.AddHours(-1)), (record.ReadyIn, record.Lived, record.LastSeen));
    }

    [Fact]
    public void A_failed_launch_counts_less_from_month_to_month()
    {
        var fresh = Share(1);
        var old = Share(24 * 60);
        var none = HostRecords.Of(new MarketMemory { Lives = [new(At("vast/a"), Market.Now, TimeSpan.FromHours(1), false)] }, Market.Now).Single().BootShare;

        Assert.True(fresh < old && old < none, $"{fresh} {old} {none}");

        double Share(int hoursAgo) => HostRecords.Of(new MarketMemory { Boots = [Boot("vast/a", hoursAgo, null), Boot("vast/a", hoursAgo, null)] }, Market.Now).Single().BootShare;
    }

    [Fact]
    public void Three_launches_in_a_row_that_came_to_nothing_ban_a_rented_host_for_a_day_from_the_last_one()
    {
        var memory = new MarketMemory
        {
            Boots =
            [
                Boot("vast/bad", 5, null), Boot("vast/bad", 3, null), Boot("vast/bad", 1, null), Boot("vast/bad", 7, 2),
                Boot("vast/better", 5, null), Boot("vast/better", 3, null), Boot("vast/better", 1, 2), Boot("vast/better", 6, null),
                Boot("vast/twice", 3, null), Boot("vast/twice", 1, null),
                Boot("vast/old", 30, null), Boot("vast/old", 3, null), Boot("vast/old", 1, null),
                .. Enumerable.Range(1, 3).Select(hours => new BootSeen(At("ssh/lab-1") with { Tier = OfferTier.Own }, Market.Now.AddHours(-hours), null)),
            ],
        };

        var ban = Assert.Single(BootBans.Of(memory, NoPardons, Market.Now));

        Assert.Equal(("vast/bad", Market.Now.AddHours(23)), (ban.Host, ban.Until));
        Assert.Empty(BootBans.Of(memory, NoPardons, Market.Now.AddHours(23)));
        // Pardoned between the first and the second: only what came after counts.
        Assert.Empty(BootBans.Of(memory, NoPardons.Add("vast/bad", Market.Now.AddHours(-4)), Market.Now));
        Assert.Single(BootBans.Of(memory, NoPardons.Add("vast/bad", Market.Now.AddHours(-6)), Market.Now));
    }

    private static Place At(string host) => Place.Of(Market.Offer("a", 0.3)) with { Host = host };

    private static BootSeen Boot(string host, int hoursAgo, int? minutes) =>
        new(At(host), Market.Now.AddHours(-hoursAgo), minutes is { } took ? TimeSpan.FromMinutes(took) : null);
}
