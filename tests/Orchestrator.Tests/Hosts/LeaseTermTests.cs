using Orchestrator.Engine.Hosts.Rented;
using Xunit;

namespace Orchestrator.Tests.Hosts;

public sealed class LeaseTermTests
{
    private static readonly TimeSpan _asked = TimeSpan.FromHours(6);

    [Theory]
    [InlineData(null, 0.5, 360)] // no budget
    [InlineData(10.0, 0.5, 360)]
    [InlineData(1.0, 0.5, 102)] // what is left pays for two hours, of which its ending takes 18 minutes
    [InlineData(0.01, 0.5, 10)] // a restart of the server ends nothing
    [InlineData(0.0, 0.5, 10)]
    [InlineData(-3.0, 0.5, 10)]
    [InlineData(1.0, 0.0, 360)] // costs nothing
    [InlineData(1e9, 0.000001, 360)]
    public void It_is_no_longer_than_the_budget_pays_for(double? left, double perHour, double minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), LeaseTerm.Of(_asked, left is { } money ? Money.FromDollars((decimal)money) : null, Money.FromDollars((decimal)perHour)));

    [Fact]
    public void One_that_is_asked_to_be_short_is_short() =>
        Assert.Equal(TimeSpan.FromMinutes(1), LeaseTerm.Of(TimeSpan.FromMinutes(1), Money.Zero, Money.FromDollars(1)));

    [Theory]
    [InlineData(20, 20)]
    [InlineData(-5, 2)]
    [InlineData(6000, 360)]
    public void The_host_of_a_failed_job_is_leased_for_no_longer_than_it_is_kept(int left, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), LeaseTerm.Of(TimeSpan.FromHours(6), null, Money.FromDollars(1), TimeSpan.FromMinutes(left)));
}
