using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Planning;
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
            Left(new() { MaxWeekly = Dollars(50) }, [.. Rental.Of(Job(3, 41m, Attempt(2m, _now.AddHours(-1))), _now)]).Lack(Dollars(0.1m))!.Words);
    }

    [Fact]
    public void Who_came_first_is_served_first_and_small_jobs_do_not_starve_a_large_one()
    {
        var limits = new ServerLimits { MaxHourly = Dollars(4) };
        RoomLeft After(decimal ahead) => Room.Of(limits, [Live(3, 3m)], [new RoomWanted(new JobId(5), Dollars(ahead), null)]).For([], null);

        Assert.True(After(0.5m).Fits(Dollars(0.5m)));
        Assert.False(After(2m).Fits(Dollars(0.5m)));
        Assert.EndsWith("in use by #3, and #5 came first; $0.50/h needed", After(2m).Lack(Dollars(0.5m))!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_on_its_way_out_counts_until_its_destroy_was_accepted()
    {
        var limits = new ServerLimits { MaxInstances = 1 };
        RoomLeft Beside(Attempt attempt) => Left(limits, [.. Rental.Of(Job(3, null, attempt), _now)]);
        var leaving = Attempt(1m, _now.AddHours(-1)) with { Phase = AttemptPhase.Terminating };
        var left = leaving with { DestroyAcceptedAt = _now };

        Assert.False(Beside(leaving).Fits(Dollars(1)));
        Assert.True(Beside(left).Fits(Dollars(1)));
        Assert.False(Beside(left with { Extras = [new ExtraInstance("i-2", _now)] }).Fits(Dollars(1)));
    }

    [Fact]
    public void A_limit_of_nothing_holds_everything_back()
    {
        var left = Left(new() { MaxInstances = 0 }, []);

        Assert.False(left.Fits(Money.Zero));
        Assert.False(left.FitsAlone(Money.Zero));
        Assert.Equal("server limit max-instances 0: nothing is rented", left.LackAlone(Money.Zero));
    }

    /// <summary>Beside the server's: what is rented elsewhere takes nothing of them.</summary>
    [Fact]
    public void Limits_of_an_account_hold_at_its_provider_only()
    {
        var limits = new ServerLimits { MaxHourly = Dollars(5), Accounts = [new("mine", "vast", new() { MaxInstances = 2, MaxHourly = Dollars(4) })] };
        var left = Left(limits, [Live(3, 3.5m), Live(7, 1m) with { Provider = "runpod" }]);

        Assert.Equal((Dollars(0.5m), Dollars(0.5m)), (left.MostPerHourAt("vast"), left.MostPerHourAt("runpod")));
        Assert.Equal(Dollars(1.5m), Left(limits with { MaxHourly = Dollars(6) }, [Live(3, 3.5m), Live(7, 1m) with { Provider = "runpod" }]).MostPerHourAt("lambda"));
        var full = Left(limits, [Live(3, 0.1m), Live(4, 0.2m)]);
        Assert.False(full.FitsAt("vast", Money.Zero));
        Assert.True(full.FitsAt("runpod", Dollars(4.7m)));
        Assert.Equal(new RoomLack("accounts.mine.limits.max-instances", "account mine, limit max-instances 2: 2 in use by #3, #4"), full.LackAt("vast", Money.Zero));
        Assert.Null(full.LackAt("runpod", Dollars(1)));

        // The job's own count there as well.
        var own = Room.Of(limits, [Live(3, 0.1m)], []).For([Live(9, 0.1m)], null);
        Assert.False(own.FitsAt("vast", Dollars(0.1m)));
        Assert.Equal("account mine, limit max-hourly $4.00/h: the cheapest offer costs $4.50/h", own.LackAloneAt("vast", Dollars(4.5m)));
        Assert.Equal("server limit max-hourly $5.00/h: the cheapest offer costs $6.00/h", own.LackAloneAt("vast", Dollars(6)));
    }

    [Fact]
    public void A_weekly_limit_of_an_account_counts_what_ended_there()
    {
        var limits = new ServerLimits { Accounts = [new("mine", "vast", new() { MaxWeekly = Dollars(50) })] };
        Rental Ended(string provider) => Rental.Ended(new JobId(1), provider, Dollars(45), _now.AddHours(-2), _now, _now);

        Assert.True(limits is { Any: true, LooksBack: true });
        Assert.False(Room.Of(limits, [Ended("vast")], []).For([], Dollars(10)).FitsAt("vast", Dollars(1)));
        Assert.True(Room.Of(limits, [Ended("runpod")], []).For([], Dollars(10)).FitsAt("vast", Dollars(1)));
    }

    [Fact]
    public void What_no_week_could_hold_is_not_waited_for()
    {
        var limits = new ServerLimits { MaxWeekly = Dollars(50) };

        Assert.False(Room.Of(limits, [], []).For([], Dollars(60)).FitsAlone(Dollars(0.5m)));
        Assert.True(Room.Of(limits, [], []).For([], Dollars(50)).FitsAlone(Dollars(0.5m)));
        Assert.Equal(
            "server limit max-weekly $50.00: up to $60.00 needed (what is left of its budget); a lower budget would fit",
            Room.Of(limits, [], []).For([], Dollars(60)).LackAlone(Dollars(0.5m)));
    }

    [Fact]
    public void A_week_counts_what_was_spent_in_it_and_what_may_still_come()
    {
        // Eight days at a dollar, one of them long ago: 168 of 192.
        var ended = Attempt(1m, _now.AddDays(-8)) with { Phase = AttemptPhase.Ended, EndedAt = _now, Cost = Dollars(192) };
        Assert.Equal(Dollars(168), Week(null, ended));
        Assert.Equal(Dollars(168), Rental.Ended(new JobId(1), "vast", Dollars(192), _now.AddDays(-8), _now, _now).Use.Week);

        // Ten hours spent, five more allowed; then without a budget: no week costs more than a week.
        Assert.Equal(Dollars(15), Week(15m, Attempt(1m, _now.AddHours(-10))));
        Assert.Equal(Dollars(168), Week(null, Attempt(1m, _now.AddHours(-10))));
    }

    /// <summary>As the job's own budget has it: a bill is more than hours of compute.</summary>
    [Fact]
    public void Disk_begun_units_and_what_is_moved_count_as_well()
    {
        var attempt = Attempt(1m, _now.AddMinutes(-90));
        var use = Assert.Single(Rental.Of(Job(1, 20m, attempt with { Offer = attempt.Offer with { DiskPerGBMonth = Dollars(0.73m), DiskBytes = 1_000_000_000_000 } }), _now)).Use;
        Assert.Equal((Dollars(2), Dollars(20)), (use.PerHour, use.Week));

        // Two begun hours, and $3 for 30 GB sent: none of it is to come within the five dollars that are left.
        var moved = attempt with { SentBytes = 30_000_000_000, Offer = attempt.Offer with { BillingUnit = TimeSpan.FromHours(1), UpPerGB = Dollars(0.1m) } };
        Assert.Equal(Dollars(5), moved.CostSince(_now - Rental.Week, _now));
        Assert.Equal(Dollars(10), Week(10m, moved));
        Assert.Equal(Dollars(168 + 3.5m), Week(null, moved));
    }

    /// <summary>Whatever was let in, however long it runs within its budget: no seven days in a row cost more than the limit.</summary>
    [Fact]
    public void No_week_is_passed_in_ten_thousand_histories()
    {
        for (var seed = 1; seed <= 10_000; seed++)
        {
            var random = new Random(seed);
            var limit = Dollars(20 + random.Next(200));
            var jobs = new List<JobState>();
            var now = _now;
            for (var hour = 0; hour < 24 * 7 * 3; hour += 1 + random.Next(30), now = _now.AddHours(hour))
            {
                // Whoever has spent its budget is ended in time; some end earlier.
                jobs = jobs.ConvertAll(job => !job.Attempts[0].IsLive() ? job
                    : Over(job) is var until && until <= now ? Ended(job, until)
                    : random.Next(8) == 0 ? Ended(job, now)
                    : job);
                var week = jobs.Sum(job => job.Attempts[0].CostSince(now - Rental.Week, now).MicroDollars);
                Assert.True(week <= limit.MicroDollars + 100, $"seed {seed}: {week} of {limit.MicroDollars} at {now:O}");
                var (number, price, budget) = (hour + 1, (1 + random.Next(30)) / 10m, 1 + random.Next(150));
                var attempt = Attempt(price, now) is var bare && random.Next(2) == 0 ? bare
                    : bare with { Offer = bare.Offer with { DiskPerGBMonth = Dollars(0.3m), DiskBytes = 1_000_000_000L * random.Next(1000) } };
                if (Room.Of(new() { MaxWeekly = limit }, [.. jobs.SelectMany(job => Rental.Of(job, now))], []).For([], Dollars(budget)).Fits(attempt.Offer.PerHour))
                {
                    jobs.Add(Job(number, budget, attempt));
                }
            }
        }
    }

    private static DateTimeOffset Over(JobState job) =>
        job.Attempts[0].BilledFrom!.Value.AddTicks(job.Terms.MaxTotal!.Value.MicroDollars * TimeSpan.TicksPerHour / job.Attempts[0].Offer.PerHour.MicroDollars);

    private static JobState Ended(JobState job, DateTimeOffset at) =>
        job with { Attempts = [job.Attempts[0] with { Phase = AttemptPhase.Ended, EndedAt = at, Cost = job.Attempts[0].CostAt(at) }] };

    private static Money Week(decimal? budget, Attempt attempt) => RoomUse.Of(Rental.Of(Job(1, budget, attempt), _now)).Week;

    private static JobState Job(long id, decimal? budget, Attempt attempt) =>
        new() { Id = new JobId(id), Terms = new() { MaxTotal = budget is { } most ? Dollars(most) : null }, Attempts = [attempt] };

    private static Attempt Attempt(decimal price, DateTimeOffset from) => new()
    {
        Number = 1,
        Label = "orc-e1-1-1",
        Phase = AttemptPhase.Running,
        PhaseSince = from,
        PlannedAt = from,
        LaunchSentAt = from,
        BilledFrom = from,
        InstanceId = "i-1",
        Offer = OfferTaken.Of(Market.Offer("o1", (double)price), null) with { BillingUnit = TimeSpan.Zero, DiskBytes = 0 },
    };

    private static RoomLeft Left(ServerLimits limits, Rental[] others) => Room.Of(limits, others, []).For([], null);

    private static Rental Live(long job, decimal price) => new(new JobId(job), new RoomUse(Dollars(price), Rental.MostInWeek(Dollars(price), null), 1), "vast");

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);
}
