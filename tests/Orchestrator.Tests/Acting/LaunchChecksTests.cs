using Orchestrator.Engine.Acting;
using Orchestrator.Jobs;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Acting;

public sealed class LaunchChecksTests
{
    private static readonly AccountNeed _added = new(new JobId(2), 1, Money.FromDollars(1));

    [Fact]
    public void A_refusal_says_the_figures_and_what_to_add()
    {
        Assert.Equal(
            "$0.40 are left at vast, which does not pay for 1 h of what would run there ($1.00/h), so nothing was sent: add $0.60 or more",
            Words(0.4m));
        Assert.Equal(
            "$20.00 are left at vast, and what runs there takes $18.00 of it until it is done, within 9 h; with one more at $1.00/h the money would end before, so nothing was sent: add $7.00 or more, or wait for those",
            Words(20, new AccountNeed(new JobId(1), 1, Money.FromDollars(2)) { Rest = Money.FromDollars(18) }));
    }

    private static string Words(decimal left, params AccountNeed[] running)
    {
        var forecast = AccountForecast.Of(Money.FromDollars(left), running);
        return LaunchChecks.WordsOf("vast", forecast, _added, forecast.OfOneMore(_added, TimeSpan.FromHours(1))!);
    }
}
