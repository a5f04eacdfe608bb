using Orchestrator.Attempts;
using Orchestrator.Reconciling.Phases;

namespace Orchestrator.Reconciling;

/// <summary>The phases of the reconciler, in order; each is a no-op when its condition already holds.</summary>
internal static class Sequence
{
    private static readonly Action<DecisionContext, Attempt>[] _ofAttempts =
    [
        Launching.Run,
        Extras.Run,
        Booting.Run,
        Connecting.Run,
        AgentReports.Run,
        Checking.Run,
        Staging.Run,
        Presence.Run,
        Silence.Run,
        RentalEnd.Run,
        Rate.Run,
        RunWindow.Run,
        StopRule.Run,
        Running.Run,
        Ending.Run,
        Draining.Run,
        Passing.Run,
        Cleaning.Run,
        Terminating.Run,
    ];

    public static void Run(DecisionContext context)
    {
        Limits.Run(context);
        for (var number = 1; number <= context.State.Attempts.Length; number++)
        {
            foreach (var phase in _ofAttempts)
            {
                var attempt = context.State.Attempts[number - 1];
                if (attempt.IsLive())
                {
                    phase(context, attempt);
                }
            }
        }

        Outcome.Run(context);
        Budget.Run(context);
        Retention.Run(context);
        SafetyNet.Run(context);
        Moving.Run(context);
        NextAttempt.Run(context);
        Verdict.Run(context);
    }
}
