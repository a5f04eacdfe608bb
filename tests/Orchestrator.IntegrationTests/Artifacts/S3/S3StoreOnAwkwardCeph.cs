using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>An old server, as the product meets it: spoken to in the dialect of unknown stores, and probed before it is used.</summary>
[Needs(AwkwardCephServer.Variable, AwkwardCephServer.Why)]
public sealed class S3StoreOnAwkwardCeph(AwkwardCephServer server) : S3StoreConformance(server), IClassFixture<AwkwardCephServer>
{
    protected override S3Dialect Dialect => S3Dialect.Other;

    protected override bool DecidesRaces => Store.Traits.ConditionalComplete;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var found = await new StoreProbe(TimeProvider.System).RunAsync(Store, "probe/", default);
        Assert.Null(found.Problem);
        Store.Traits = found.Traits!;
    }
}
