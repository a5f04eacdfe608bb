using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

[CollectionDefinition(Name)]
public sealed class CephCollection : ICollectionFixture<CephServer>
{
    public const string Name = "Ceph";
}
