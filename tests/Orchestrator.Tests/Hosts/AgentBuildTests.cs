using Orchestrator.Engine.Hosts;
using Xunit;

namespace Orchestrator.Tests.Hosts;

public sealed class AgentBuildTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-build-").FullName;

    private string Agent => Path.Combine(_folder, "orchestrator-agent");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("2.31", "static", true)]
    [InlineData("2.4", "static", true)]
    [InlineData("2.34", "static", false)]
    [InlineData("2.31", "system", false)]
    public void The_note_says_whether_the_agent_runs_everywhere(string glibc, string openSsl, bool portable)
    {
        Write($$"""{"version":"0.1.0+abc","glibc":"{{glibc}}","openssl":"{{openSsl}}","size":10988464,"sha256":"00ff"}""");

        var build = AgentBuild.Beside(Agent)!;

        Assert.Equal(new AgentBuild("0.1.0+abc", glibc, openSsl, 10988464, "00ff"), build);
        Assert.Equal(portable, build.IsPortable);
    }

    [Fact]
    public void Without_a_note_nothing_is_known() => Assert.Null(AgentBuild.Beside(Agent));

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_damaged_note_is_said_to_be_one(string text)
    {
        Write(text);

        Assert.Contains("build it anew", Assert.Throws<InvalidDataException>(() => AgentBuild.Beside(Agent)).Message, StringComparison.Ordinal);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, AgentBuild.FileName), text);
}
