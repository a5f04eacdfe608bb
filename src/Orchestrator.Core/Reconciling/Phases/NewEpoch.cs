using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// The job goes on after a restored database was confirmed. Its live attempts are wound down: their agents have told, and let go
/// of, what this database never heard. Their checkpoints and those of forgotten attempts come to light in the next one's scan.
/// </summary>
internal static class NewEpoch
{
    /// <summary>More than a job plausibly has launched since a backup: a damaged record must not fill the books.</summary>
    private const int MostForgotten = 1000;

    public static void Confirmed(DecisionContext c, EpochConfirmed confirmed)
    {
        if (confirmed.Epoch == c.State.Epoch)
        {
            return;
        }

        var known = c.State.Attempts.Length;
        var last = Math.Clamp(confirmed.LastAttempt, known, known + MostForgotten);
        if (c.State.Current() is { } current)
        {
            c.End(current, EndReason.EpochBegan, "the database was restored from a backup: what this attempt did since then is not known");
        }

        var forgotten = last - known;
        c.Emit(new EpochBegan(confirmed.Epoch, confirmed.Former, last)
        {
            At = c.Now,
            Why = Words.Clean(forgotten == 0
                ? $"the database was restored and confirmed by a person; epoch {confirmed.Epoch} begins"
                : $"the database was restored and confirmed by a person; epoch {confirmed.Epoch} begins, and {forgotten} attempts up to {last} are forgotten, with what they cost"),
        });
        if (c.State.Verdict is null or { Phase: JobPhase.Paused } && confirmed.Ended)
        {
            c.Emit(new VerdictReached(JobPhase.Cancelled)
            {
                At = c.Now,
                Why = "the job had ended before the database was restored, how is forgotten; it is not run again (submit it anew if its result is missing)",
            });
        }
        else if (forgotten > 0 && c.State.Verdict is null && c.State.Phase == JobPhase.Active)
        {
            // The newest attempt is a forgotten one now, and has no outcome that could say how the job goes on.
            c.Emit(new JobPhaseChanged(JobPhase.Recovering, null) { At = c.Now, Why = "a later attempt was launched and is forgotten; another one is planned" });
        }
    }
}
