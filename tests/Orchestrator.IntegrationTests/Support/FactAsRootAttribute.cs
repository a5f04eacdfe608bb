using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test about what only root meets: running PostgreSQL as another user.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactAsRootAttribute : FactAttribute
{
    public FactAsRootAttribute() => Skip = Environment.IsPrivilegedProcess ? null! : "needs root";
}
