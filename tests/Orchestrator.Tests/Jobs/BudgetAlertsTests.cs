using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Jobs;

public sealed class BudgetAlertsTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(2.49, null)]
    [InlineData(2.5, 0.5)]
    [InlineData(3.99, 0.5)]
    [InlineData(4, 0.8)]
    [InlineData(5.2, 1.0)]
    public void The_largest_share_that_is_reached_counts(double spent, double? share) =>
        Assert.Equal((decimal?)share, BudgetAlerts.Reached(Money.FromDollars((decimal)spent), Money.FromDollars(5), [0.8m, 0.5m, 1m]));

    [Fact]
    public void Nothing_is_told_of_a_job_that_may_spend_nothing_or_wants_no_alerts()
    {
        Assert.Null(BudgetAlerts.Reached(Money.Zero, Money.Zero, [0.5m]));
        Assert.Null(BudgetAlerts.Reached(Money.FromDollars(9), Money.FromDollars(5), []));
    }
}
