using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Orchestrator.IntegrationTests.Support.LongestFirst", "Orchestrator.IntegrationTests")]

namespace Orchestrator.IntegrationTests.Support;

/// <summary>
/// Those whose tests run one after another begin first. In any other order one of them was what all the others had ended before: minutes in
/// which nothing else ran.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest = [Rented.RentedCollection.Name, Artifacts.S3.CephCollection.Name, Chaos.ChaosCollection.Name, PostgresCollection.Name];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(_longest, collection.DisplayName) is >= 0 and var place ? place : _longest.Length);
}
