using Orchestrator.Jobs;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Spending;

public sealed class RoomTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.4, true)]
    [InlineData(0.41, false)]
    [InlineData(0, true)]
    public void What_all_cost_per_hour_is_bounded_and_what_is_free_always_fits(decimal price, bool fits)
    {
        var left = Left(new() { MaxHourly = Dollars(4) }, [Live(3, 1.6m), Live(7, 2m)]);

        Assert.Equal(fits, left.Fits(Dollars(price)));
        Assert.Equal(fits, left.Lack(Dollars(price)) is null);
    }

    [Fact]
    public void What_lacks_is_said_with_numbers_and_names()
    {
        Assert.Equal(
            new RoomLack("max-hourly", "server limit max-hourly $4.00/h: $3.60/h in use by #3, #7; $0.60/h needed"),
            Left(new() { MaxHourly = Dollars(4) }, [Live(7, 1.6m), Live(3, 2m)]).Lack(Dollars(0.6m)));
        Assert.Equal(
            "server limit max-instances 2: 2 in use by #3, #7",
            Left(new() { MaxInstances = 2 }, [Live(7, 0), Live(3, 0)]).Lack(Money.Zero)!.Words);
        Assert.Equal(
            "server limit max-weekly $50.00: $41.00 spent in seven days or still to come by #3; up to $16.80 needed (a week at its price)",
            Left(new() { MaxWeekly = Dollars(50) }, [Live(3, 2m) with { From = _now.AddHours(-1), BudgetLeft = Dollars(39) }]).Lack(Dollars(0.1m))!.Words);
    }

    [Fact]
    public void Who_came_first_is_served_first_and_small_jobs_do_not_starve_a_large_one()
    {
        var limits = new ServerLimits { MaxHourly = Dollars(4) };
        RoomLeft After(decimal ahead) => Room.Of(limits, [Live(3, 3m)], [new RoomWanted(new JobId(5), Dollars(ahead), null)], _now).For(default, null);

        Assert.True(After(0.5m).Fits(Dollars(0.5m)));
        Assert.False(After(2m).Fits(Dollars(0.5m)));
        Assert.EndsWith("in use by #3, and #5 came first; $0.50/h needed", After(2m).Lack(Dollars(0.5m))!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_on_its_way_out_counts_until_its_destroy_was_accepted()
    {
        var limits = new ServerLimits { MaxInstances = 1 };

        Assert.False(Left(limits, [Live(3, 1m)]).Fits(Dollars(1)));
        Assert.True(Left(limits, [Live(3, 1m) with { Until = _now }]).Fits(Dollars(1)));
        Assert.False(Left(limits, [Live(3, 1m) with { Until = _now, Extras = 1 }]).Fits(Dollars(1)));
    }

    [Fact]
    public void A_limit_of_nothing_holds_everything_back()
    {
        var left = Left(new() { MaxInstances = 0 }, []);

        Assert.False(left.Fits(Money.Zero));
        Assert.False(left.FitsAlone(Money.Zero));
        Assert.Equal("server limit max-instances 0: nothing is rented", left.LackAlone(Money.Zero));
    }

    [Fact]
    public void What_no_week_could_hold_is_not_waited_for()
    {
        var limits = new ServerLimits { MaxWeekly = Dollars(50) };

        Assert.False(Room.Of(limits, [], [], _now).For(default, Dollars(60)).FitsAlone(Dollars(0.5m)));
        Assert.True(Room.Of(limits, [], [], _now).For(default, Dollars(50)).FitsAlone(Dollars(0.5m)));
        Assert.Equal(
            "server limit max-weekly $50.00: up to $60.00 needed (what is left of its budget); a lower budget would fit",
            Room.Of(limits, [], [], _now).For(default, Dollars(60)).LackAlone(Dollars(0.5m)));
    }

    [Fact]
    public void A_week_counts_what_was_spent_in_it_and_what_may_still_come()
    {
        // Eight days at a dollar, one of them long ago: 168 of 192.
        var ended = Live(1, 1m) with { From = _now.AddDays(-8), Until = _now, FinalCost = Dollars(192) };
        Assert.Equal(Dollars(168), RoomUse.Of([ended], _now).Week);

        // Ten hours spent, five more allowed; then without a budget: no week costs more than a week.
        Assert.Equal(Dollars(15), RoomUse.Of([Live(1, 1m) with { From = _now.AddHours(-10), BudgetLeft = Dollars(5) }], _now).Week);
        Assert.Equal(Dollars(168), RoomUse.Of([Live(1, 1m) with { From = _now.AddHours(-10) }], _now).Week);
    }

    /// <summary>Whatever was let in, however long it runs within its budget: no seven days in a row cost more than the limit.</summary>
    [Fact]
    public void No_week_is_passed_in_ten_thousand_histories()
    {
        for (var seed = 1; seed <= 10_000; seed++)
        {
            var random = new Random(seed);
            var limit = Dollars(20 + random.Next(200));
            var rentals = new List<Rental>();
            var budgets = new Dictionary<long, Money>();
            var now = _now;
            for (var hour = 0; hour < 24 * 7 * 3; hour += 1 + random.Next(30), now = _now.AddHours(hour))
            {
                // Whoever has spent its budget is ended in time; some end earlier.
                rentals = rentals.ConvertAll(rental => rental.FinalCost is not null ? rental
                    : Over(rental, budgets[rental.Job.Value], now) is { } until ? Ended(rental, until)
                    : random.Next(8) == 0 ? Ended(rental, now)
                    : rental with { BudgetLeft = budgets[rental.Job.Value] - rental.CostSince(DateTimeOffset.MinValue, now) });
                var week = rentals.Sum(rental => rental.CostSince(now - Rental.Week, now).MicroDollars);
                Assert.True(week <= limit.MicroDollars + 100, $"seed {seed}: {week} of {limit.MicroDollars} at {now:O}");
                var (job, price, budget) = (new JobId(hour + 1), Dollars((1 + random.Next(30)) / 10m), Dollars(1 + random.Next(150)));
                if (Room.Of(new() { MaxWeekly = limit }, rentals, [], now).For(default, budget).Fits(price))
                {
                    budgets[job.Value] = budget;
                    rentals.Add(new Rental { Job = job, PricePerHour = price, From = now, BudgetLeft = budget });
                }
            }
        }
    }

    private static DateTimeOffset? Over(Rental rental, Money budget, DateTimeOffset now) =>
        rental.From.AddTicks(budget.MicroDollars * TimeSpan.TicksPerHour / rental.PricePerHour.MicroDollars) is var spent && spent <= now ? spent : null;

    private static Rental Ended(Rental rental, DateTimeOffset at) =>
        rental with { Until = at, FinalCost = rental.PricePerHour.PerHourFor(at - rental.From) };

    private static RoomLeft Left(ServerLimits limits, Rental[] others) => Room.Of(limits, others, [], _now).For(default, null);

    private static Rental Live(long job, decimal price) => new() { Job = new JobId(job), PricePerHour = Dollars(price), From = _now };

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);
}
