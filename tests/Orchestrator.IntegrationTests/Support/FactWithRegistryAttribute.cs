using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test that needs a real registry (package docker-registry). scripts/test installs it, and in CI it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithRegistryAttribute : FactAttribute
{
    public FactWithRegistryAttribute() =>
        Skip = TestRegistry.Program is null && Environment.GetEnvironmentVariable("CI") != "true" ? "needs a registry: apt-get install docker-registry" : null!;
}
