using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>The tests that share one installation; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ChaosCollection : ICollectionFixture<TestServer>
{
    public const string Name = "Chaos";
}
