using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.Tests.Server.Security;

public sealed class HostNamesTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("[::1]", true)]
    [InlineData("lab.example.org", true)]
    [InlineData("evil.example.org", false)]
    [InlineData("127.0.0.1.evil.example.org", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_loopback_and_configured_names_are_answered(string? host, bool accepted)
    {
        Assert.Equal(accepted, new HostNames(["lab.example.org"]).Accepts(host));
    }
}
