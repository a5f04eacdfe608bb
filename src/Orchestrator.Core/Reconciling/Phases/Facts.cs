using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Results of effects. A stale one (of an ended attempt, of an older call) is knowingly ignored.</summary>
internal static class Facts
{
    public static void Run(DecisionContext c)
    {
        foreach (var item in c.Observation.Inbox)
        {
            switch (item)
            {
                case LaunchReplied replied:
                    Launching.Replied(c, replied);
                    break;
                case LaunchRejected rejected:
                    Launching.Rejected(c, rejected);
                    break;
                case DestroyReplied destroyed:
                    Terminating.Replied(c, destroyed);
                    break;
                case OrderUnfilled unfilled:
                    Running.Unfilled(c, unfilled);
                    break;
                case HostRefused refused:
                    Connecting.Refused(c, refused);
                    break;
                case CheckpointVerified verified:
                    CheckpointFacts.Verified(c, verified);
                    break;
                case CheckpointFoundDamaged damaged:
                    CheckpointFacts.Damaged(c, damaged);
                    break;
                case ManifestsScanned scanned:
                    Staging.Scanned(c, scanned);
                    break;
                case CheckpointErased erased:
                    CheckpointFacts.Erased(c, erased);
                    break;
                case CopyStands stands:
                    CopiedStart.Stands(c, stands);
                    break;
                case CheckpointCopied copied:
                    CopiedStart.Copied(c, copied);
                    break;
                case CopyImpossible impossible:
                    CopiedStart.Impossible(c, impossible);
                    break;
                case CopyErased:
                    CopiedStart.Erased(c);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The attempt a fact speaks of, when it is on the books and has not ended.</summary>
    public static Attempt? Live(DecisionContext c, int number) =>
        number >= 1 && number <= c.State.Attempts.Length && c.Attempt(number) is { } a && a.IsLive() ? a : null;
}
