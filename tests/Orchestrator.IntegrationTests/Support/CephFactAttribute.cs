using Orchestrator.IntegrationTests.Artifacts.S3;
using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test that needs the S3 server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CephFactAttribute : FactAttribute
{
    public CephFactAttribute() => Skip = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(CephServer.Variable)) ? CephServer.Why : null!;
}
