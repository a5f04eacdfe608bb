using Xunit;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>As <see cref="PortableFactAttribute"/>, for several systems.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PortableTheoryAttribute : TheoryAttribute
{
    public PortableTheoryAttribute() => Skip = PortableFactAttribute.Reason()!;
}
