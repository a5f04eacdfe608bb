using Orchestrator.Engine.Artifacts;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

public sealed class StoresAreConformanceTested
{
    [Fact]
    public void Every_object_store_has_a_conformance_suite()
    {
        var stores = typeof(IObjectStore).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IObjectStore)) && type is { IsInterface: false, IsAbstract: false });
        var tested = GetType().Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, BaseType.IsGenericType: true } && type.BaseType.GetGenericTypeDefinition() == typeof(StoreConformance<>))
            .Select(type => type.BaseType!.GetGenericArguments()[0]);

        Assert.Equal(stores.OrderBy(type => type.Name), tested.OrderBy(type => type.Name));
    }
}
