using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Properties;

/// <summary>Each breaks one rule on purpose; the worlds must notice, or they would prove nothing.</summary>
public sealed class SabotageTests
{
    [Fact]
    public void Sending_a_lost_create_call_again_at_once_is_noticed() => Notices("one billable instance", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now) is { IsEmpty: true }
            && state.Attempts is [.., { } last] && last.IsLaunchUnknown() && !last.IsEnding() && last.LaunchSends < 3
            ? [new LaunchSent(last.Number, last.LaunchSends + 1) { At = now, Why = "impatient" }]
            : Kernel.Decide(state, seen, policies, now),
    });

    [Fact]
    public void Believing_the_first_list_that_lacks_the_label_is_noticed() => Notices("one billable instance", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies with { CreateTimeout = TimeSpan.Zero, Settling = TimeSpan.Zero }, now),
    });

    [Fact]
    public void Performing_a_create_call_in_any_tick_is_noticed() => Notices("one billable instance", new Mind { IsDecideChecked = false, LaunchOnlyByCause = false });

    [Fact]
    public void Sending_after_the_lease_has_run_out_is_noticed() => Notices("one billable instance", new Mind { IsDecideChecked = false, Fenced = false });

    [Fact]
    public void Beginning_beside_an_attempt_that_is_not_confirmed_gone_is_noticed() => Notices("one billable instance", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen,
            state.Current() is null ? policies with { LossMaxWait = TimeSpan.FromSeconds(1) } : policies, now),
        WantsOffers = (state, policies, now) => Kernel.WantsOffers(state, policies with { LossMaxWait = TimeSpan.FromSeconds(1) }, now),
    });

    [Fact]
    public void Calling_a_host_lost_because_the_list_is_unknown_is_noticed() => Notices("Unknown destroys nothing", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now) is { IsEmpty: true }
            && state.Current() is { Phase: AttemptPhase.Running } current && seen.Attempts.First(a => a.Number == current.Number).Listing is null
            ? [new AttemptEnding(current.Number, EndReason.InstanceGone, null) { At = now, Why = "no answer" }]
            : Kernel.Decide(state, seen, policies, now),
    });

    [Fact]
    public void Forgetting_a_destroy_is_noticed() => Notices("the job ends", new Mind
    {
        IsDecideChecked = false,
        Owed = state => Kernel.Owed(state).RemoveAll(e => e is DestroyInstance),
    }, most: 40);

    [Fact]
    public void Taking_an_accepted_destroy_for_done_is_noticed() => Notices("the ledger covers the bill", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now).RemoveAll(e => e is AbsenceRefuted && e.Why.Contains("still shows the instance", StringComparison.Ordinal)),
    });

    [Fact]
    public void Ending_the_books_before_the_instance_is_gone_is_noticed() => Notices("the books know every instance", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now) is { IsEmpty: true }
            && state.Attempts is [.., { Phase: AttemptPhase.Terminating } last]
            ? [new AttemptEnded(last.Number, last.Reason, last.CostAt(now), false) { At = now, Why = "surely gone" }]
            : Kernel.Decide(state, seen, policies, now),
    }, also: ["one billable instance", "a job ends only when nothing is owed", "the ledger covers the bill"]);

    [Fact]
    public void Counting_the_time_in_which_nobody_listened_is_noticed() => Notices("our absence ends nothing", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen with { Unattended = [] }, policies, now),
    });

    [Fact]
    public void Ignoring_the_budget_is_noticed() => Notices("spend is bounded", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state with { Terms = state.Terms with { MaxTotal = null } }, seen, policies, now),
    });

    [Fact]
    public void Restoring_the_oldest_checkpoint_is_noticed() => Notices("the newest verified checkpoint is used", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) =>
        [
            .. Kernel.Decide(state, seen, policies, now).Select(e => e is RestoreChosen { Checkpoint: not null } chosen && state.Checkpoints.Length > 0
                ? chosen with { Checkpoint = state.Checkpoints[0] } : e),
        ],
    });

    [Fact]
    public void Deleting_before_the_agent_lets_go_is_noticed() => Notices("a referenced checkpoint is never deleted", new Mind
    {
        IsDecideChecked = false,
        Owed = state => [.. Kernel.Owed(state), .. state.Retired.Select(r => new DeleteCheckpoint(r.Checkpoint, []))],
    });

    [Fact]
    public void A_decision_that_does_not_come_to_rest_is_noticed() => Notices("Decide is idempotent", new Mind
    {
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now) is { IsEmpty: false } events
            ? events
            : [new ProblemNoted(0) { At = now, Why = "still nothing" }],
    });

    [Fact]
    public void A_decision_made_blindly_is_noticed() => Notices("Unknown decides nothing before its deadline", new Mind
    {
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now) is { IsEmpty: true }
            && state.Current() is { Phase: AttemptPhase.Running } current && seen.Attempts.IsEmpty
            ? [new AttemptEnding(current.Number, EndReason.HostSilent, null) { At = now, Why = "nothing seen" }]
            : Kernel.Decide(state, seen, policies, now),
    });

    [Fact]
    public void Keeping_a_host_for_longer_than_was_asked_is_noticed() => Notices("a kept host is let go of", new Mind
    {
        IsDecideChecked = false,
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen, policies, now) is var events && state.Attempts is [.., { Phase: AttemptPhase.Draining, Held: not null }]
            ? events.RemoveAll(e => e is PhaseEntered)
            : events,
    }, also: ["spend is bounded"]);

    [Fact]
    public void A_deadline_that_nobody_looks_at_is_noticed() => Notices("a deadline is kept", new Mind
    {
        Decide = (state, seen, policies, now) => Kernel.Decide(state, seen.Plan is { } plan ? seen with { Plan = plan with { Net = null } } : seen, policies, now),
    });

    /// <summary>Runs worlds until one notices; the property it names must be the one that was broken.</summary>
    private static void Notices(string property, Mind mind, int most = 2_000, string[]? also = null)
    {
        for (var seed = 1; seed <= most; seed++)
        {
            try
            {
                new World(seed, mind).Run();
            }
            catch (ViolationException e) when (e.Property == property || also?.Contains(e.Property) == true)
            {
                return;
            }
            catch (Exception e) when (e is ViolationException or InvalidOperationException)
            {
                // Another property may fall first in this world; the named one must fall in some world.
            }
        }

        Assert.Fail($"{most} worlds did not notice that '{property}' was broken");
    }
}
