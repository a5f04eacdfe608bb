using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>As every store takes it: plain signed bodies.</summary>
[Collection(CephCollection.Name)]
[Needs(CephServer.Variable, CephServer.Why)]
public sealed class S3StoreWithoutChecksums(CephServer server) : S3StoreConformance(server)
{
    protected override S3Dialect Dialect => S3Dialect.Other;
}
