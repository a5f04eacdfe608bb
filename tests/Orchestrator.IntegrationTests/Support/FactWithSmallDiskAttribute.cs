using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test about a disk that runs full.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithSmallDiskAttribute : FactAttribute
{
    public FactWithSmallDiskAttribute() => Skip = SmallDisk.Obstacle!;
}
