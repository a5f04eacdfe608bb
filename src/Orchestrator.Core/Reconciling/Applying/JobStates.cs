using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Applying;

internal static class JobStates
{
    public static Attempt Attempt(this JobState state, int number) =>
        number >= 1 && number <= state.Attempts.Length
            ? state.Attempts[number - 1]
            : throw new InvalidOperationException($"job {state.Id} has no attempt {number}");

    public static JobState With(this JobState state, int number, Func<Attempt, Attempt> change) =>
        state.With(number, change, static (attempt, change) => change(attempt));

    /// <summary>With what the change needs beside the attempt: where it captures nothing, no event costs an object for all of them.</summary>
    public static JobState With<T>(this JobState state, int number, T given, Func<Attempt, T, Attempt> change)
    {
        var before = state.Attempt(number);
        if (before.Phase == AttemptPhase.Ended)
        {
            throw new InvalidOperationException($"attempt {number} of job {state.Id} has ended: nothing can happen to it any more");
        }

        return state with { Attempts = state.Attempts.SetItem(number - 1, change(before, given)) };
    }
}
