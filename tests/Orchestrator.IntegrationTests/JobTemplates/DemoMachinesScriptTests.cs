using Orchestrator.IntegrationTests.Hosts.Docker;
using Xunit;

namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>The whole way: PyTorch in a container on a machine reached over SSH, checkpoints in a bucket behind TLS.</summary>
public sealed class DemoMachinesScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    [DockerFact]
    public async Task The_metric_after_a_machine_lost_its_power_equals_the_one_of_an_uninterrupted_run()
    {
        var lines = await ScriptRun.SucceedsAsync("demo-machines", Patience);

        Assert.Matches(@"^done: succeeded, 1 interruption, resumed at step [1-9]\d* of 1200, 0 instances left, cost \$\d+\.\d\d$", lines[^1]);
        Assert.Matches(@"^metric: 0\.\d+$", lines[^2]);
        Assert.Contains(lines, line => line.StartsWith("cut the power of demo-1", StringComparison.Ordinal));
        var byHand = Assert.Single(lines, line => line.StartsWith("by hand ", StringComparison.Ordinal));
        Assert.Contains(lines[^2].Replace(":", "", StringComparison.Ordinal) + " after", byHand, StringComparison.Ordinal);
    }
}
