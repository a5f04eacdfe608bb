using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Planning;
using Xunit;

namespace Orchestrator.Tests.Spending;

public sealed class AccountForecastTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Fact]
    public void What_nobody_knows_the_end_of_burns_until_the_money_ends()
    {
        var forecast = AccountForecast.Of(Dollars(10), [Need(1, 0.5m), Need(2, 1.5m)]);

        Assert.Equal((Dollars(2), _hour * 5, Money.Zero, 2), (forecast.PerHour, forecast.EndsAfter, forecast.Needed, forecast.Unknown));
        Assert.Equal("2 rentals cost $2.00/h, for nobody knows how long (no estimate)", forecast.Words);
        Assert.Equal("it ends in 5 h", forecast.LastsWords);
        Assert.Equal(Dollars(38), forecast.Lack(_hour * 24));
        Assert.Equal(Money.Zero, forecast.Lack(_hour * 5));
    }

    /// <summary>A day's money is enough for what is done in three hours.</summary>
    [Fact]
    public void What_will_be_done_before_needs_no_more_than_its_rest()
    {
        var forecast = AccountForecast.Of(Dollars(10), [Need(1, 2m, rest: 6m), Need(2, 1m, rest: 4m)]);

        Assert.Equal((null, Dollars(10)), (forecast.EndsAfter, forecast.Needed));
        Assert.Equal(Money.Zero, forecast.Lack(_hour * 24));
        Assert.Equal(("2 rentals cost $3.00/h and need $10.00 to finish", "it lasts until they are done or have spent their budgets"), (forecast.Words, forecast.LastsWords));
    }

    /// <summary>Three hours at three dollars, then one at one.</summary>
    [Fact]
    public void From_one_end_to_the_next_it_burns_at_what_is_left()
    {
        var forecast = AccountForecast.Of(Dollars(9.5m), [Need(1, 2m, rest: 6m), Need(2, 1m, rest: 20m)]);

        Assert.Equal(_hour * 3.5, forecast.EndsAfter);
        Assert.Equal(Dollars(16.5m), forecast.Lack(_hour * 2));
    }

    [Fact]
    public void A_plan_that_needs_more_than_there_is_lacks_it_however_far_away_the_end_is()
    {
        var forecast = AccountForecast.Of(Dollars(100), [Need(1, 1m, rest: 130m), Need(2, 0.1m)]);

        Assert.True(forecast.EndsAfter > _hour * 24 * 3);
        Assert.Equal(Dollars(30), forecast.Lack(_hour * 24));
        Assert.Equal("2 rentals cost $1.10/h, and 1 of them needs $130.00 to finish (the others have no estimate)", forecast.Words);
    }

    [Fact]
    public void No_job_takes_more_than_its_budget_and_data_that_is_still_to_come_is_taken_at_once()
    {
        Assert.Null(AccountForecast.Of(Dollars(5), [Need(1, 1m) with { Most = Dollars(5) }]).EndsAfter);
        Assert.Equal(_hour * 2, AccountForecast.Of(Dollars(5), [Need(1, 1m) with { Once = Dollars(3) }]).EndsAfter);
        Assert.Equal(TimeSpan.Zero, AccountForecast.Of(Dollars(-1), [Need(1, 1m, rest: 2m)]).EndsAfter);
        Assert.Null(AccountForecast.Of(Dollars(-1), [Need(1, 0m)]).EndsAfter);
        Assert.Equal("nothing of ours costs anything there", AccountForecast.Of(Dollars(5), []).Words);
    }

    [Theory]
    [InlineData(20, 1, 18, 2, 9.0, 0.0)] // 9 h: 18 for the one, 9 for the other
    [InlineData(27, 1, 18, 2, null, 0.0)]
    [InlineData(12, 1, 18, 2, null, 0.0)] // the first will not finish anyhow
    [InlineData(2.5, 1, 18, 2, 1.0, 0.5)]
    public void One_more_must_not_take_what_those_that_run_need(double left, double added, double rest, double rate, double? within, double lack)
    {
        var running = AccountForecast.Of(Dollars((decimal)left), [Need(1, (decimal)rate, (decimal)rest)]);

        var found = running.OfOneMore(Need(2, (decimal)added), _hour);

        Assert.Equal(within is { } hours ? _hour * hours : null, found?.Within);
        if (within == 9)
        {
            Assert.Equal((Dollars(7), Dollars(18)), (found!.Money, found.Running));
        }
        else if (within == 1)
        {
            Assert.Equal((Dollars((decimal)lack), null), (found!.Money, found.Running));
        }
    }

    [Fact]
    public void One_that_will_be_done_soon_may_begin_beside_a_long_one()
    {
        var running = AccountForecast.Of(Dollars(20), [Need(1, 2m, rest: 18m)]);

        Assert.Null(running.OfOneMore(Need(2, 1m, rest: 2m), _hour));
        Assert.Null(running.OfOneMore(Need(2, 1m) with { Most = Dollars(2) }, _hour));
        Assert.NotNull(running.OfOneMore(Need(2, 1m) with { Most = Dollars(3) }, _hour));
    }

    /// <summary>Whatever runs: at the end that is told the money is spent, no sooner and no later, and more of it never ends sooner.</summary>
    [Fact]
    public void The_end_is_where_the_money_is_spent_in_ten_thousand_accounts()
    {
        for (var seed = 1; seed <= 10_000; seed++)
        {
            var random = new Random(seed);
            var needs = Enumerable.Range(1, random.Next(6)).Select(job => Need(job, random.Next(40) / 10m) with
            {
                Once = Dollars(random.Next(4) == 0 ? random.Next(20) / 10m : 0),
                Rest = random.Next(2) == 0 ? null : Dollars(random.Next(300) / 10m),
                Most = random.Next(2) == 0 ? null : Dollars(random.Next(300) / 10m),
            }).ToArray();
            var left = Dollars(random.Next(600) / 10m);
            var forecast = AccountForecast.Of(left, needs);
            long Taken(TimeSpan time) => needs.Sum(need => need.In(time).MicroDollars);

            var context = $"seed {seed}: {forecast.EndsAfter} with {left} for {string.Join(" | ", needs.AsEnumerable())}";
            if (forecast.EndsAfter is { } end)
            {
                Assert.True(end == TimeSpan.Zero ? Taken(end) >= left.MicroDollars - 10 : Math.Abs(Taken(end) - left.MicroDollars) <= 10, context);
            }
            else
            {
                Assert.True(Taken(TimeSpan.FromDays(10_000)) <= left.MicroDollars + 10, context);
            }

            Assert.True((forecast.EndsAfter ?? TimeSpan.MaxValue) <= (AccountForecast.Of(left + Dollars(1), needs).EndsAfter ?? TimeSpan.MaxValue), context);
            Assert.True((forecast.EndsAfter ?? TimeSpan.MaxValue) >= (AccountForecast.Of(left, [.. needs, Need(99, 1m)]).EndsAfter ?? TimeSpan.MaxValue), context);

            // Whoever is let in takes nothing from those that would have finished.
            var (one, reserve) = (Need(99, random.Next(40) / 10m), TimeSpan.FromHours(1));
            if (forecast.OfOneMore(one, reserve) is not { } lack)
            {
                var last = needs.Where(need => need.Rest is not null).Max(need => need.Lasts) ?? reserve;
                Assert.True(Taken(last) > left.MicroDollars || Taken(last) + one.In(last).MicroDollars <= left.MicroDollars, context);
            }
            else
            {
                Assert.Null(AccountForecast.Of(left + lack.Money, needs).OfOneMore(one, reserve) is { } again && again.Within == lack.Within ? again : null);
            }
        }
    }

    /// <summary>The price now on the books, the disk, and what is sent per hour.</summary>
    [Fact]
    public void What_a_rental_takes_is_what_its_books_say()
    {
        var offer = OfferTaken.Of(Market.Offer("o1", 1), null) with
        {
            DiskPerGBMonth = Dollars(0.73m), DiskBytes = 100_000_000_000, UpPerGB = Dollars(0.01m), DownPerGB = Dollars(0.02m), DataBytes = 50_000_000_000, ImageBytes = 10_000_000_000,
            CheckpointBytes = 5_000_000_000,
        };
        var attempt = new Attempt
        {
            Number = 1, Label = "orc-e1-1-1", Phase = AttemptPhase.Booting, PhaseSince = _now, PlannedAt = _now, LaunchSentAt = _now, BilledFrom = _now, InstanceId = "i-1", Offer = offer,
            Rhythm = new AttemptRhythm(TimeSpan.FromMinutes(30), TimeSpan.Zero, TimeSpan.FromHours(9)),
        };
        AccountNeed Of(Attempt one, DateTimeOffset now) => AccountNeed.Of(new JobState { Id = new JobId(1), Terms = new() { MaxTotal = Dollars(20) }, Attempts = [one] }, one, Dollars(3), now);

        // Two checkpoints an hour are planned; data and image are still to come.
        Assert.Equal((Dollars(1.2m), Dollars(1.2m), Dollars(3)), (Of(attempt, _now).PerHour, Of(attempt, _now).Once, Of(attempt, _now).Rest));
        var running = attempt with { Phase = AttemptPhase.Running, TrainingStartedAt = _now, SentBytes = 40_000_000_000 };

        // As it was sent: twenty gigabytes an hour. A price that was raised counts as soon as it is on the books.
        Assert.Equal((Dollars(1.3m), Money.Zero), (Of(running, _now.AddHours(2)).PerHour, Of(running, _now.AddHours(2)).Once));
        Assert.Equal(Dollars(1.8m), Of(running with { Offer = offer with { PricePerHour = Dollars(1.5m) } }, _now.AddHours(2)).PerHour);
        Assert.Equal(Dollars(2.4m), Of(running with { Extras = [new ExtraInstance("i-2", _now)] }, _now.AddHours(2)).PerHour);

        // Accepted is not billed any more.
        var gone = Of(running with { Phase = AttemptPhase.Terminating, DestroyAcceptedAt = _now }, _now.AddHours(2));
        Assert.Equal((Money.Zero, Money.Zero), (gone.PerHour, gone.In(_hour)));
    }

    private static AccountNeed Need(long job, decimal price, decimal? rest = null) => new(new JobId(job), 1, Dollars(price)) { Rest = rest is { } known ? Dollars(known) : null };

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);
}
