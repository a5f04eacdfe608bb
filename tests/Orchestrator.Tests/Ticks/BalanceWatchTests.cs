using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Ticks;

public sealed class BalanceWatchTests
{
    [Fact]
    public void An_alert_says_what_runs_when_the_money_ends_and_what_to_add()
    {
        Assert.Equal(
            "vast has $12.00 left: 2 rentals cost $3.00/h, and 1 of them needs $18.00 to finish (the others have no estimate); it ends in 4 h. Add $30.00 or more, or pause a job: everything there is stopped when it ends",
            Low(12, new AccountNeed(new JobId(1), 1, Money.FromDollars(2)) { Rest = Money.FromDollars(18) }, new AccountNeed(new JobId(2), 1, Money.FromDollars(1))));
    }

    /// <summary>What was told before when it lasted less than a day is told no more when all will be done in time.</summary>
    [Fact]
    public void Money_that_is_enough_for_what_runs_is_no_concern()
    {
        Assert.Null(Low(12, new AccountNeed(new JobId(1), 1, Money.FromDollars(2)) { Rest = Money.FromDollars(11) }));
        Assert.NotNull(Low(12, new AccountNeed(new JobId(1), 1, Money.FromDollars(2)) { Rest = Money.FromDollars(13) }));
        Assert.Null(Low(25, new AccountNeed(new JobId(1), 1, Money.FromDollars(1))));
        Assert.NotNull(Low(23, new AccountNeed(new JobId(1), 1, Money.FromDollars(1))));
        Assert.Null(Low(0));
    }

    private static string? Low(decimal left, params AccountNeed[] needs) => BalanceWatch.Low("vast", AccountForecast.Of(Money.FromDollars(left), needs))?.Text;
}
