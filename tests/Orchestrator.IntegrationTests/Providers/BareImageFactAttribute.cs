using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>A test in an image that scripts/test-servers made of a distribution's packages. In CI that of Debian must be there; Ubuntu's archive may be out of reach.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BareImageFactAttribute : FactAttribute
{
    public BareImageFactAttribute(string kind) =>
        Skip = new DockerFactAttribute().Skip ?? (Archive(kind) is null && (kind != "bare-debian" || Environment.GetEnvironmentVariable("CI") != "true") ? Missing(kind) : null!);

    public static string Missing(string kind) => $"needs the image {kind}: scripts/test-servers archive {kind} (it needs root and the archive of that distribution)";

    /// <summary>Null = it was not made.</summary>
    public static string? Archive(string kind)
    {
        var folder = Path.Combine(AgentBinary.RepositoryRoot(), "artifacts", "images");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, kind + "-*.tar").Order(StringComparer.Ordinal).LastOrDefault() : null;
    }
}
