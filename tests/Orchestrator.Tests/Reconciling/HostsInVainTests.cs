using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>What fails on every host it rents costs no more than a few of them.</summary>
public sealed class HostsInVainTests
{
    private readonly Scene _scene = new(new JobTerms { MaxTotal = Money.FromDollars(100m) });

    [Fact]
    public void The_fifth_host_that_is_paid_in_vain_pauses_a_job_that_never_trained()
    {
        for (var host = 1; host <= 4; host++)
        {
            Refuse($"sim/{host}");
            Assert.Null(_scene.State.Verdict);
        }

        Refuse("sim/5");

        Assert.Equal(JobPhase.Paused, _scene.State.Phase);
        Assert.StartsWith("5 rented hosts came to nothing before it ever trained, so it is hardly their fault; the last: the machine cannot run the job: no store", _scene.State.PhaseReason, StringComparison.Ordinal);
        Assert.EndsWith("then: orchestrator resume job", _scene.State.PhaseReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_that_lets_it_go_on_gives_it_as_many_again()
    {
        for (var host = 1; host <= 5; host++)
        {
            Refuse($"sim/{host}");
        }

        _scene.Tick(1, new ResumeCommand("me", null));
        for (var host = 6; host <= 9; host++)
        {
            Refuse($"sim/{host}");
            Assert.Null(_scene.State.Verdict);
        }

        Refuse("sim/10");

        Assert.Equal(JobPhase.Paused, _scene.State.Phase);
    }

    [Fact]
    public void One_host_that_fails_again_and_again_is_one()
    {
        for (var times = 0; times < 8; times++)
        {
            Refuse("sim/1");
        }

        Assert.Null(_scene.State.Verdict);
    }

    [Fact]
    public void A_job_that_has_trained_goes_on_looking()
    {
        _scene.Offers = [Scene.Offer("o", "sim/0", 1m)];
        _scene.Reach(AttemptPhase.Running);
        _scene.LoseInstance();
        for (var host = 1; host <= 8; host++)
        {
            Refuse($"sim/{host}");
        }

        Assert.Null(_scene.State.Verdict);
    }

    [Fact]
    public void Hosts_that_cost_nothing_are_no_reason()
    {
        for (var host = 1; host <= 8; host++)
        {
            Refuse($"sim/{host}", 0m);
        }

        Assert.Null(_scene.State.Verdict);
    }

    private void Refuse(string host, decimal price = 1m)
    {
        _scene.Offers = [Scene.Offer("o" + host, host, price)];
        for (var waits = 0; _scene.State.NotBefore is { } until && until > _scene.Now && waits < 10; waits++)
        {
            _scene.Tick((until - _scene.Now).TotalSeconds);
        }

        _scene.Reach(AttemptPhase.Connecting);
        var number = _scene.Newest.Number;
        _scene.Tick(1, new HostRefused(number, HostFault.Machine, "no store"));
        _scene.Tick(1, new DestroyReplied(number, $"i{number}", true));
        Assert.Equal(EndReason.CheckFailed, _scene.State.Attempts.Single(attempt => attempt.Number == number).Reason);
    }
}
