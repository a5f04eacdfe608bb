using Xunit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>A test that needs Chromium. In CI it must be there: a proof that is skipped for ever proves nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithBrowserAttribute : FactAttribute
{
    public const string Browser = "/usr/bin/chromium";

    public FactWithBrowserAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" || File.Exists(Browser) ? null! : $"needs {Browser}: apt-get install chromium";
}
