using Orchestrator.Emulators.RunPod;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>What the contract leaves open, either way, where our client does not use it.</summary>
public sealed partial class RunPodEmulatorTests
{
    [Theory]
    [InlineData(14.0, InstanceStatus.Stopped)]
    [InlineData(15.0, InstanceStatus.Booting)]
    [InlineData(null, InstanceStatus.Booting)]
    public async Task An_image_may_be_too_large_for_any_host(double? most, InstanceStatus status)
    {
        var (desk, runPod) = Start(new RunPodSwitches { MostImageGB = most });
        using var _ = desk;
        runPod.Weigh("ubuntu:24.04", 14.5);

        await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(status, (await ListedAsync(desk)).Status);
        Assert.Equal(status == InstanceStatus.Stopped, _backend.Kept.Count == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pod_whose_cards_were_taken_while_it_was_stopped_starts_without_or_not_at_all(bool starts)
    {
        var (desk, runPod) = Start(new RunPodSwitches { StartsWithoutCards = starts });
        using var _ = desk;
        var id = await CreateAsync(desk);
        Ask(runPod, "POST", $"v2/pods/{id}/action", """{"action":"stop"}""");
        var other = (string?)Ask(runPod, "POST", "v2/pods", Order())["id"];

        var answer = runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"start"}"""));

        Assert.Equal(starts ? 200 : 400, answer.Status);
        if (!starts)
        {
            Assert.Contains("There are not enough free GPUs on the host machine to start this pod.", answer.Body, StringComparison.Ordinal);
            return;
        }

        var pod = Ask(runPod, "GET", $"v2/pods/{id}").AsObject();
        Assert.Equal(("RUNNING", 0.0, false), ((string?)pod["status"], (double)pod["cost"]!, pod.ContainsKey("gpu")));
        Assert.Equal(id, (await ListedAsync(desk)).InstanceId);
        // It has them again when it is started once they are free.
        runPod.Answer(Request("DELETE", $"v2/pods/{other}"));
        Ask(runPod, "POST", $"v2/pods/{id}/action", """{"action":"stop"}""");
        Assert.Equal(1, (int)Ask(runPod, "POST", $"v2/pods/{id}/action", """{"action":"start"}""")["gpu"]!["count"]!);
    }

    [Theory]
    [InlineData(true, 400, "Cannot query field")]
    [InlineData(false, 200, "There are no instances available")]
    public void The_call_for_an_interruptible_pod_is_gone_or_finds_none(bool retired, int status, string words)
    {
        var (desk, runPod) = Start(new RunPodSwitches { SpotRetired = retired });
        using var _ = desk;

        var answer = runPod.Answer(Request("POST", "graphql", """{"query":"mutation { podRentInterruptable(input: {gpuCount: 1}) { id } }"}"""));

        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Body, StringComparison.Ordinal);
        Assert.Empty(runPod.Rented);
    }
}
