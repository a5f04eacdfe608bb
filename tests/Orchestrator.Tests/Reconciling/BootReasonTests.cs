using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>An attempt that never came up says what was heard of it last.</summary>
public sealed class BootReasonTests
{
    [Fact]
    public void What_never_ran_has_the_providers_last_words()
    {
        var scene = new Scene(new JobTerms { Boot = TimeSpan.FromMinutes(20) }).Reach(AttemptPhase.Booting);
        scene.Listed = InstanceStatus.Booting;

        scene.Tick(1201);

        Assert.Equal((EndReason.NeverBooted, "the instance did not run within 20 min; the last that was said: as listed"), (scene.Newest.Reason, scene.Newest.Why));
    }

    [Fact]
    public void What_was_never_reached_has_the_channels_last_words()
    {
        var scene = new Scene().Reach(AttemptPhase.Connecting);
        scene.Unreached = "cannot be reached yet: connection refused";

        scene.Tick(3600);

        Assert.Equal(EndReason.NeverConnected, scene.Newest.Reason);
        Assert.EndsWith("; the last that was said: cannot be reached yet: connection refused; sim says: as listed", scene.Newest.Why, StringComparison.Ordinal);
    }
}
