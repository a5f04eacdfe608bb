using Xunit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>The tests of the pages share one server and one browser; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<PagesFixture>
{
    public const string Name = "Pages";
}
