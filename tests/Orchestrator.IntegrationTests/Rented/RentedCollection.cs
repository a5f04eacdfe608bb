using Orchestrator.IntegrationTests.Artifacts.S3;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>Jobs on rented hosts, one after another, beside a store of their own: with those of the S3 tests they took as long as all others together.</summary>
[CollectionDefinition(Name)]
public sealed class RentedCollection : ICollectionFixture<CephServer>
{
    public const string Name = "Rented";
}
