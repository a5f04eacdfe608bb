using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Xunit;

namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>The quick start itself, twice, as a newcomer would type it.</summary>
[SupportedOSPlatform("linux")]
public sealed class QuickstartScriptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-quickstart-").FullName;

    public QuickstartScriptTests()
    {
        // As root the embedded PostgreSQL is another user, who must be able to pass through.
        File.SetUnixFileMode(root, File.GetUnixFileMode(root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task The_metric_after_a_killed_instance_equals_the_one_of_an_uninterrupted_run()
    {
        var killed = await RunAsync("killed");
        var whole = await RunAsync("whole", "--no-kill");

        Assert.Matches(@"^done: succeeded, 1 interruption, resumed at step [1-9]\d* of 4000, 0 instances left, cost \$\d+\.\d\d$", killed[^1]);
        Assert.Matches(@"^done: succeeded, 0 interruptions, 0 instances left, cost \$\d+\.\d\d$", whole[^1]);
        Assert.Matches(new Regex(@"^metric: 0\.\d+$"), whole[^2]);
        Assert.Equal(whole[^2], killed[^2]);
    }

    private Task<string[]> RunAsync(string folder, params string[] options) =>
        ScriptRun.SucceedsAsync("quickstart", Patience, ["--data", Path.Combine(root, folder), .. options]);
}
