using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>From the permitted create call to a known instance, through lost replies and lists that lag.</summary>
internal static class Launching
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (!attempt.IsLaunchUnknown())
        {
            return;
        }

        if (c.Seen(attempt).Listing is { Instances: [var first, ..] })
        {
            Found(c, attempt, first.InstanceId, "the provider's list shows our label");
        }
        else if (c.Seen(attempt).Listing is { } listing && listing.AskedAt > SettledAt(attempt, c.Policies)
            && (attempt.AbsentSince is not { } since || listing.AskedAt >= since + c.TimingsOf(attempt).Settling))
        {
            Absent(c, attempt, listing);
        }
        else if (!attempt.IsEnding() && c.IsOver(attempt.LaunchSentAt!.Value, Deadline(attempt, c.Policies)))
        {
            // A machine that went away in the middle of the call may never come back. Should it, what it holds is found by its label.
            c.End(attempt, EndReason.NeverBooted, $"{attempt.Offer.Host ?? attempt.Offer.Provider} does not say whether the create call rented anything; should the instance turn up, it is destroyed");
        }
    }

    /// <summary>From when the next list says something new of a launch that nobody answered.</summary>
    public static DateTimeOffset NextListAt(Attempt attempt, Policies policies) => attempt.AbsentSince is { } since
        ? since + policies.TimingsOf(attempt.Offer.Provider).Settling
        : SettledAt(attempt, policies);

    /// <summary>From when a launch that neither an answer nor a list settles is not waited for any more.</summary>
    public static DateTimeOffset Deadline(Attempt attempt, Policies policies) => SettledAt(attempt, policies) + policies.LossMaxWait;

    /// <summary>A listing asked after this would show what the newest create call rented.</summary>
    public static DateTimeOffset SettledAt(Attempt attempt, Policies policies)
    {
        var timings = policies.TimingsOf(attempt.Offer.Provider);
        return attempt.LaunchSentAt!.Value + timings.CreateTimeout + timings.Settling;
    }

    public static void Replied(DecisionContext c, LaunchReplied reply)
    {
        if (Facts.Live(c, reply.Attempt) is not { } attempt || attempt.Extras.Any(x => x.InstanceId == reply.InstanceId))
        {
            return;
        }

        if (attempt.InstanceId is null)
        {
            Found(c, attempt, reply.InstanceId, "the provider answered the create call");
        }
        else if (attempt.InstanceId != reply.InstanceId)
        {
            c.Emit(new ExtraInstanceFound(attempt.Number, reply.InstanceId) { At = c.Now, Why = $"create call {reply.Send} made a second instance; it is destroyed" });
        }
    }

    public static void Rejected(DecisionContext c, LaunchRejected rejection)
    {
        if (Facts.Live(c, rejection.Attempt) is not { } attempt || !attempt.IsLaunchUnknown() || rejection.Send != attempt.LaunchSends)
        {
            return;
        }

        if (c.Seen(attempt).Listing is { Instances.Length: > 0 })
        {
            c.Note(attempt.Number, $"{attempt.Offer.Provider} refused the create call, yet lists an instance with our label: the instance counts");
            return;
        }

        var who = rejection.NothingSent ? $"{attempt.Offer.Provider} was not asked" : $"{attempt.Offer.Provider} refused: {Meaning(rejection.Refusal)}";
        if (rejection.Fault == HostFault.Image)
        {
            // As after a pull that no machine can do: the job pauses, and nothing was rented for it.
            Close(c, attempt, EndReason.ImageUnusable, null, $"{rejection.Words}; then: orchestrator resume {c.State.Name}");
            return;
        }

        Refused(c, attempt, rejection.Refusal, $"{who}: {rejection.Words}");
    }

    private static void Found(DecisionContext c, Attempt attempt, string instanceId, string why)
    {
        c.Emit(new InstanceFound(attempt.Number, instanceId) { At = c.Now, Why = why });
        if (attempt.Phase == AttemptPhase.Launching)
        {
            c.Enter(attempt, AttemptPhase.Booting, $"instance {instanceId} is on the books");
        }
    }

    private static void Absent(DecisionContext c, Attempt attempt, ListingView listing)
    {
        if (attempt.AbsentSince is null)
        {
            c.Emit(new AbsenceNoted(attempt.Number, listing.AskedAt) { At = c.Now, Why = "a complete list lacks our label; one more has to" });
        }
        else
        {
            // Lists of one moment have one cause: a list that flickers may do so twice in a row.
            ProvenAbsent(c, attempt);
        }
    }

    private static void ProvenAbsent(DecisionContext c, Attempt attempt)
    {
        if (attempt.IsEnding())
        {
            Terminating.Close(c, attempt, Money.Zero, "the create call rented nothing: two complete lists lack our label");
        }
        else if (attempt.LaunchSends >= c.Policies.MaxLaunchSends)
        {
            Refused(c, attempt, null, $"{attempt.LaunchSends} create calls were lost without a trace at {attempt.Offer.Provider}");
        }
        else
        {
            c.Emit(new LaunchSent(attempt.Number, attempt.LaunchSends + 1) { At = c.Now, Why = "the last create call rented nothing: two complete lists lack our label" });
        }
    }

    private static void Refused(DecisionContext c, Attempt attempt, RefusalKind? refusal, string why) => Close(c, attempt, EndReason.LaunchRefused, refusal, why);

    /// <summary>A refused call rents nothing, so the attempt ends at no cost.</summary>
    private static void Close(DecisionContext c, Attempt attempt, EndReason reason, RefusalKind? refusal, string why)
    {
        if (!attempt.IsEnding())
        {
            c.Emit(new AttemptEnding(attempt.Number, reason, null) { At = c.Now, Why = Words.Clean(why), Refusal = refusal });
        }

        Terminating.Close(c, c.Attempt(attempt.Number), Money.Zero, Words.Clean(why));
    }

    private static string Meaning(RefusalKind refusal) => refusal switch
    {
        RefusalKind.NoCapacity => "no capacity",
        RefusalKind.Rejected => "the request was rejected",
        RefusalKind.RateLimited => "too many requests",
        RefusalKind.Unauthorized => "the API key was not accepted (check the provider's key)",
        RefusalKind.InsufficientFunds => "the account has no credit (top it up)",
        RefusalKind.NotFound => "the offer is gone",
        RefusalKind.Gone => "this API no longer exists (a newer release may know the new one)",
    };
}
