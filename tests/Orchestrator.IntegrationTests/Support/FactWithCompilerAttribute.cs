using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test that makes a library of its own in C, and calls it from Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithCompilerAttribute : FactAttribute
{
    public FactWithCompilerAttribute() => Skip = Has("cc") && Has("python3") ? null! : "needs a C compiler and Python: apt-get install gcc libc6-dev python3";

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));
}
