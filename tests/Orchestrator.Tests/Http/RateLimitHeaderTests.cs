using Orchestrator.Providers.Http;
using Xunit;

namespace Orchestrator.Tests.Http;

public sealed class RateLimitHeaderTests
{
    [Theory]
    [InlineData("\"minute\";r=176;t=1, \"hour\";r=7193;t=2701", null)]
    [InlineData("\"minute\";r=0;t=42, \"hour\";r=7193;t=2701", 42)]
    [InlineData("\"minute\";r=0;t=12, \"hour\"; r=0; t=90", 90)]
    [InlineData("\"day\";r=0;t=86400", 300)]
    [InlineData("\"minute\";t=42", null)]
    [InlineData("\"minute\";r=0", null)]
    [InlineData("\"minute\";r=zero;t=soon", null)]
    [InlineData("\"minute\";r=-3;t=-1", null)]
    [InlineData("", null)]
    public void What_is_used_up_is_waited_for(string header, int? seconds) =>
        Assert.Equal(seconds is { } some ? TimeSpan.FromSeconds(some) : null, RateLimitHeader.Wait([header]));

    [Fact]
    public void Windows_may_come_in_headers_of_their_own() => Assert.Equal(TimeSpan.FromSeconds(7), RateLimitHeader.Wait(["\"minute\";r=0;t=7", "\"hour\";r=5;t=100"]));
}
