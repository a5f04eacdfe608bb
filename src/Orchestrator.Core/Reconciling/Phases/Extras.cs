using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Two instances with one label: the one on the books stays, the others are owed a destroy until they are gone.</summary>
internal static class Extras
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.InstanceId is null || c.Seen(attempt).Listing is not { } listing)
        {
            return;
        }

        foreach (var sighting in listing.Instances)
        {
            if (sighting.InstanceId != attempt.InstanceId && !attempt.Extras.Any(x => x.InstanceId == sighting.InstanceId))
            {
                c.Emit(new ExtraInstanceFound(attempt.Number, sighting.InstanceId)
                {
                    At = c.Now,
                    Why = $"instance {sighting.InstanceId} carries our label beside {attempt.InstanceId}; it is destroyed",
                });
            }
        }

        var settling = c.TimingsOf(attempt).Settling;
        foreach (var extra in attempt.Extras)
        {
            if (listing.AskedAt > extra.FoundAt + settling && !listing.Instances.Any(x => x.InstanceId == extra.InstanceId))
            {
                Gone(c, attempt, extra, "a complete list lacks it");
            }
        }
    }

    /// <summary>A listing that still shows it outweighs a "not found", or it would be found again at once.</summary>
    public static void NotFound(DecisionContext c, Attempt attempt, ExtraInstance extra)
    {
        if (c.Seen(attempt).Listing?.Instances.Any(x => x.InstanceId == extra.InstanceId) != true)
        {
            Gone(c, attempt, extra, "the provider does not know it any more");
        }
    }

    private static void Gone(DecisionContext c, Attempt attempt, ExtraInstance extra, string why) =>
        c.Emit(new ExtraInstanceGone(attempt.Number, extra.InstanceId) { At = c.Now, Why = $"extra instance {extra.InstanceId} is gone: {why}" });
}
