using Orchestrator.Engine.Acting;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Acting;

public sealed class OwnMachineRuleTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("vast", false)]
    [InlineData("vast runpod/secure", false)]
    [InlineData("vast ssh", true)]
    [InlineData("vast ssh/lab-1", true)]
    [InlineData("!vast", true)]
    [InlineData("!ssh", false)]
    [InlineData("!ssh/lab-1", true)]
    [InlineData("vast !ssh/lab-1", false)]
    public void A_spec_says_whether_a_machine_of_ones_own_will_do(string providers, bool allows) =>
        Assert.Equal(allows, OwnMachineRule.Allows([.. providers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new ProviderChoice { Name = name.TrimStart('!'), Excluded = name.StartsWith('!') })]));
}
