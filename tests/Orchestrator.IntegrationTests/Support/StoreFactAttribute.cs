using Xunit;
using Xunit.Sdk;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test of a suite that is inherited: whether it can run is the inheriting class's to say (<see cref="NeedsAttribute"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Orchestrator.IntegrationTests.Support.StoreFactDiscoverer", "Orchestrator.IntegrationTests")]
public sealed class StoreFactAttribute : FactAttribute;
