using Xunit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>A test that needs Chromium and its driver. In CI they must be there: a proof that is skipped for ever proves nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithBrowserAttribute : FactAttribute
{
    public FactWithBrowserAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" || IsThere() ? null! : "needs chromedriver on the PATH: apt-get install chromium-driver";

    private static bool IsThere() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "chromedriver")));
}
