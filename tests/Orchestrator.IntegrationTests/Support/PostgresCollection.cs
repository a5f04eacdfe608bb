using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>The tests that share the suite's cluster; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
