using Orchestrator.Server.Cli;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class YamlEntryTests
{
    [Fact]
    public void What_add_prints_is_read_as_it_was_meant()
    {
        var entry = new YamlEntry("stores", "lab",
        [
            ("bucket", YamlEntry.Scalar("my-checkpoints")), ("prefix", YamlEntry.Scalar("it's: odd #1")), ("endpoint", YamlEntry.Scalar("https://s3.example.org:8443")),
            ("region", null), ("egress-price", YamlEntry.Scalar("$0.09/GB")), ("default", "true"),
        ]);

        var read = Assert.Single(ServerConfigurationReader.Read(string.Join('\n', entry.Lines()), "orchestrator.yaml").Stores);

        Assert.Equal("my-checkpoints", read.Bucket!.Bucket);
        Assert.Equal("it's: odd #1/", read.Prefix);
        Assert.Equal(new Uri("https://s3.example.org:8443"), read.Bucket.Endpoint);
        Assert.Equal(0.09m, read.EgressPerGb.Dollars);
        Assert.True(read.IsDefault);
    }
}
