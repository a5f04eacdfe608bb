using Orchestrator.Engine.Artifacts;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

public sealed class StoresAreConformanceTested
{
    [Fact]
    public void Every_object_store_has_a_conformance_suite()
    {
        var stores = typeof(IObjectStore).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IObjectStore)) && type is { IsInterface: false, IsAbstract: false });
        var tested = GetType().Assembly.GetTypes().Where(type => !type.IsAbstract).Select(TestedBy).OfType<Type>().Distinct();

        Assert.Equal(stores.OrderBy(type => type.Name), tested.OrderBy(type => type.Name));
    }

    private static Type? TestedBy(Type type)
    {
        for (var suite = type.BaseType; suite is not null; suite = suite.BaseType)
        {
            if (suite.IsGenericType && suite.GetGenericTypeDefinition() == typeof(StoreConformance<>))
            {
                return suite.GetGenericArguments()[0];
            }
        }

        return null;
    }
}
