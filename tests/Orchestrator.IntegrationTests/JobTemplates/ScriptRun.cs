using System.Diagnostics;
using Xunit;

namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>One of the repository's scripts, run to its end as a person would.</summary>
internal static class ScriptRun
{
    /// <returns>The lines of its output.</returns>
    public static async Task<string[]> SucceedsAsync(string name, TimeSpan within, params string[] options)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "scripts", name), options)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(within);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"scripts/{name} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return (await output).TrimEnd().Split('\n');
    }
}
