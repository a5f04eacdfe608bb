using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class EveryProviderConforms
{
    [Fact]
    public void Every_provider_has_a_conformance_suite_of_its_name()
    {
        var suites = typeof(ProviderConformance).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ProviderConformance))).Select(type => type.Name).ToHashSet();
        var providers = typeof(IProvider).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IProvider)));

        foreach (var provider in providers)
        {
            Assert.Contains(provider.Name + "Conformance", suites);
        }
    }
}
