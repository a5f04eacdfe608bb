using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Server;

public sealed class AccountLimitsShownTests
{
    [Fact]
    public void Doctor_says_what_is_taken_of_each_accounts_limits()
    {
        var limits = new ServerLimits { Accounts = [new("mine", "vast", new() { MaxInstances = 2, MaxHourly = Money.FromDollars(1) }), new("other", "runpod", new() { MaxInstances = 1 })] };

        var checks = LimitsCheck.Of(Room.Of(limits, [new Rental(new JobId(3), new RoomUse(Money.FromDollars(1.5m), Money.Zero, 1), "vast")], [])).ToList();

        Assert.Equal(
            [("warning", "account mine: over the limit: $1.50 of $1.00/h, 1 of 2 instances"), ("ok", "account other: 0 of 1 instances")],
            checks.Select(check => (check.Level, check.Text)));
    }

    [Fact]
    public void The_list_shows_limits_and_how_long_the_money_lasts()
    {
        var account = new AccountView { Name = "mine", Provider = "vast", Key = "env K", Left = 12, PerHour = 3, LastsHours = 4, Running = 2, MostRunning = 2, MostPerHour = 4, MostWeekly = 40 };

        var lines = AccountTable.Lines([account, account with { Name = "other", LastsHours = null, MostRunning = null, MostPerHour = null, MostWeekly = null }], 160, new Paint(false)).ToList();

        Assert.Matches(@"12.00 +3.000 +2 +0 +\? +\? +4 h +2 \$4/h \$40/week", lines[1]);
        Assert.Matches(@"12.00 +3.000 +2 +0 +\? +\? +all +- ", lines[2]);
    }
}
