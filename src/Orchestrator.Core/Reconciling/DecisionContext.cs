using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Reconciling.Applying;

namespace Orchestrator.Reconciling;

/// <summary>What the phases of one Decide share. The state moves on with every emitted event, so that each phase sees what the ones before it decided.</summary>
internal sealed class DecisionContext(JobState state, Observation observation, Policies policies, DateTimeOffset now)
{
    private const int MostNotes = 200;

    private readonly ImmutableArray<JobEvent>.Builder _events = ImmutableArray.CreateBuilder<JobEvent>();

    public JobState State { get; private set; } = state;

    public Observation Observation { get; } = observation;

    public Policies Policies { get; } = policies;

    public DateTimeOffset Now { get; } = now;

    public int Count => _events.Count;

    public ImmutableArray<JobEvent> Events() => _events.DrainToImmutable();

    public void Emit(JobEvent jobEvent)
    {
        State = Application.Apply(State, jobEvent);
        _events.Add(jobEvent);
    }

    public Attempt Attempt(int number) => State.Attempt(number);

    /// <summary>What this tick saw of the attempt; an attempt nobody looked at is Unknown in every respect.</summary>
    public AttemptObservation Seen(Attempt attempt)
    {
        foreach (var seen in Observation.Attempts)
        {
            if (seen.Number == attempt.Number)
            {
                return seen;
            }
        }

        return new AttemptObservation { Number = attempt.Number };
    }

    public ProviderTimings TimingsOf(Attempt attempt) => Policies.TimingsOf(attempt.Offer.Provider);

    /// <summary>Whether an answer has been waited for from <paramref name="since"/> to <paramref name="deadline"/>, not counting when nobody listened.</summary>
    public bool IsOver(DateTimeOffset since, DateTimeOffset deadline) =>
        Now >= AttendedTime.Deadline(Observation.Unattended, since, deadline - since, Policies.Silence);

    /// <summary>For the timeline. What a host has to say ends at <see cref="MostNotes"/> an attempt.</summary>
    /// <param name="attempt">The attempt; 0 = the job as a whole.</param>
    /// <param name="why">What happened.</param>
    /// <param name="answers">The inbox row of a command that is refused by it.</param>
    public void Note(int attempt, string why, long? answers = null)
    {
        var notes = attempt > 0 ? Attempt(attempt).Notes : 0;
        if (notes < MostNotes)
        {
            Emit(new ProblemNoted(attempt) { At = Now, Why = notes == MostNotes - 1 ? "further problems of this attempt are not noted" : Words.Clean(why), Answers = answers });
        }
    }

    public void Enter(Attempt attempt, AttemptPhase phase, string why) => Emit(new PhaseEntered(attempt.Number, phase) { At = Now, Why = why });

    /// <summary>Decides that the attempt ends; does nothing when that was decided before.</summary>
    public void End(Attempt attempt, EndReason reason, string why, long? lastStep = null)
    {
        if (!Attempt(attempt.Number).IsEnding())
        {
            var step = lastStep ?? Seen(attempt).Agent?.Step;
            Emit(new AttemptEnding(attempt.Number, reason, step) { At = Now, Why = Words.Clean(why) });
        }
    }

    /// <summary>A success whose result is lost with its host is no success.</summary>
    public void LoseSuccess(Attempt attempt, string why) =>
        Emit(new AttemptEnding(attempt.Number, EndReason.HostFailed, null) { At = Now, Why = Words.Clean("the trainer succeeded, but its result could not be stored: " + why) });
}
