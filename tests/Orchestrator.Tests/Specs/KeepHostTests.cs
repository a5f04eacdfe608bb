using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class KeepHostTests
{
    [Theory]
    [InlineData("keep-host: 30m", 30, null)]
    [InlineData("keep-host: {for: 2h, max-cost: $1.50}", 120, 1.5)]
    [InlineData("keep-host: {for: 24h}", 1440, null)]
    public void Its_time_and_its_cost_reach_the_kernel(string lines, int minutes, double? cost)
    {
        var result = SpecCase.With($"on-failure: {{{lines}}}\n");

        Assert.Empty(result.Unavailable);
        Assert.Equal(new HostKeep(TimeSpan.FromMinutes(minutes), cost is { } most ? Money.FromDollars((decimal)most) : null), TermsBuilder.Build(SpecCase.Spec(result), SpecCase.Now).KeepHost);
    }

    [Fact]
    public void Nothing_is_kept_that_nobody_asked_for() =>
        Assert.Null(TermsBuilder.Build(SpecCase.Spec(SpecCase.With("on-failure: {keep-host: 0s}\n")), SpecCase.Now).KeepHost);

    [Theory]
    [InlineData("keep-host: 25h", "5:25 on-failure.keep-host", "24 h")]
    [InlineData("keep-host: {for: 25h}", "5:31 on-failure.keep-host.for", "24 h")]
    [InlineData("keep-host: {max-cost: $1}", "5:25 on-failure.keep-host.for", "missing")]
    [InlineData("keep-host: soon", "5:25 on-failure.keep-host", "a duration")]
    [InlineData("keep-host: {for: 1h, cost: $1}", "5:35 on-failure.keep-host.cost", "unknown key")]
    public void A_bad_one_is_said_where_it_stands(string lines, string at, string what)
    {
        var problem = Assert.Single(SpecCase.With($"on-failure: {{{lines}}}\n").Problems);

        Assert.Equal(at, $"{problem.Line}:{problem.Column} {problem.Path}");
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
    }
}
