using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Offers;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Spending;

/// <summary>The meter over generated lives, beside a count second by second.</summary>
public sealed class MeterTests
{
    private const int Lives = 2_000;

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    /// <summary>A card of $0.000001 a second, a disk of $0.000002: every second shows.</summary>
    private static readonly OfferTaken _offer = new()
    {
        Provider = "vast", OfferId = "1", Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = new Money(3600),
        DiskPerGBMonth = new Money(7200 * 730), DiskBytes = 1_000_000_000,
    };

    [Fact]
    public void Seconds_that_are_spared_are_not_metered_and_all_others_are() => ForAll(BillingRules.Dearest, (life, metered) =>
    {
        Assert.Equal(Seconds(life).Count(at => life.Spared.All(span => span.Billed == BilledParts.All || !Covers(span, at))), metered.Compute.MicroDollars);
        Assert.Equal(2 * Seconds(life).Count(at => life.Spared.All(span => span.Billed != BilledParts.None || !Covers(span, at))), metered.Disk.MicroDollars);
    });

    [Fact]
    public void Free_time_never_makes_a_life_dearer_nor_less_than_nothing() => ForAll(new() { Compute = BillingStart.Running }, (life, metered) =>
    {
        var whole = Of(_offer, new() { Compute = BillingStart.Running }, life with { Spared = [] });
        Assert.InRange(metered.Compute.MicroDollars, 0, whole.Compute.MicroDollars);
        Assert.InRange(metered.Disk.MicroDollars, 0, whole.Disk.MicroDollars);
        for (var i = 0; i < life.Spared.Length; i++)
        {
            Assert.True(metered.Billed <= Of(_offer, new() { Compute = BillingStart.Running }, life with { Spared = life.Spared.RemoveAt(i) }).Billed);
        }
    });

    [Fact]
    public void Each_piece_begins_its_units_anew_and_the_whole_is_the_most() => ForAll(BillingRules.Dearest, (life, exact) =>
    {
        var offer = _offer with { BillingUnit = TimeSpan.FromMinutes(1) };
        var metered = Of(offer, BillingRules.Dearest, life);

        Assert.InRange(metered.Compute.MicroDollars, exact.Compute.MicroDollars, Of(offer, BillingRules.Dearest, life with { Spared = [] }).Compute.MicroDollars);
        Assert.Equal(0, metered.Compute.MicroDollars % 60);
        Assert.Equal(exact.Disk, metered.Disk);
    });

    [Fact]
    public void A_budget_counts_at_least_what_is_metered() => ForAll(BillingRules.Dearest, (life, metered) =>
    {
        var attempt = new Attempt
        {
            Number = 1, Label = "orc-e1-7-1", Phase = AttemptPhase.Running, PhaseSince = _start, PlannedAt = _start, LaunchSentAt = life.CreatedAt, BilledFrom = life.CreatedAt, Offer = _offer, InstanceId = "11",
        };

        Assert.True(attempt.CostAt(life.GoneAt) >= metered.Total);
    });

    [Fact]
    public void What_is_free_lies_between_two_lists_that_say_so()
    {
        for (var seed = 0; seed < Lives; seed++)
        {
            var random = Random("lists", seed);
            var lists = Enumerable.Range(0, 40).Select(i => (At: _start.AddSeconds(1 + (i * 10) + random.Next(5)), Billed: (BilledParts)random.Next(3))).ToList();
            var spans = Fold(lists);

            foreach (var span in spans)
            {
                var within = lists.Where(list => list.At >= span.From && list.At <= span.Until).ToList();
                Assert.All(within, list => Assert.Equal(span.Billed, list.Billed));
                Assert.Contains(within, list => list.At == span.From);
                Assert.Contains(within, list => list.At == span.Until);
                Assert.Equal(span.OverAt, lists.Where(list => list.At > span.Until).Select(list => (DateTimeOffset?)list.At).FirstOrDefault());
            }

            Assert.All(lists.Where(list => list.Billed != BilledParts.All), list => Assert.Contains(spans, span => span.Billed == list.Billed && span.From <= list.At && span.Until >= list.At));
            Assert.Equal(spans, spans.OrderBy(span => span.From));
        }
    }

    /// <summary>Servers list by themselves, and what one asked for earlier may come later.</summary>
    [Fact]
    public void A_list_that_comes_late_prolongs_nothing()
    {
        var spans = Fold([(_start, BilledParts.None), (_start.AddSeconds(20), BilledParts.None), (_start.AddSeconds(10), BilledParts.All), (_start.AddSeconds(30), BilledParts.All), (_start.AddSeconds(25), BilledParts.None)]);

        Assert.Equal([new SparedSpan(_start, _start.AddSeconds(20), BilledParts.None, _start.AddSeconds(30))], spans);
    }

    private static List<SparedSpan> Fold(IEnumerable<(DateTimeOffset At, BilledParts Billed)> lists)
    {
        List<SparedSpan> spans = [];
        foreach (var (at, billed) in lists)
        {
            spans.Listed(at, billed);
        }

        return spans;
    }

    private static void ForAll(BillingRules rules, Action<InstanceLife, Metered> holds)
    {
        for (var seed = 0; seed < Lives; seed++)
        {
            var random = Random("life", seed);
            var created = _start.AddSeconds(random.Next(100));
            var gone = created.AddSeconds(random.Next(600));
            var life = new InstanceLife(created, random.Chance(0.2) ? null : created.AddSeconds(random.Next(100)), gone)
            {
                // Out of order, overlapping, and beyond both ends.
                Spared = [.. Enumerable.Range(0, random.Next(5)).Select(_ => _start.AddSeconds(random.Next(700) - 50)).Select(from => new SparedSpan(from, from.AddSeconds(random.Next(200)), (BilledParts)random.Next(3)))],
            };
            holds(life, Of(_offer, rules, life));
        }
    }

    private static Metered Of(OfferTaken offer, BillingRules rules, InstanceLife life) => Meter.Of(offer, rules, life, 0, 0, 0);

    private static IEnumerable<DateTimeOffset> Seconds(InstanceLife life) => Enumerable.Range(0, (int)(life.GoneAt - life.CreatedAt).TotalSeconds).Select(second => life.CreatedAt.AddSeconds(second));

    private static bool Covers(SparedSpan span, DateTimeOffset at) => at >= span.From && at < span.Until;

    private static SeededRandom Random(string what, int seed) => SeededRandom.For("meter", what, seed.ToString(CultureInfo.InvariantCulture));
}
