namespace Orchestrator.Attempts;

public static class AttemptCosts
{
    /// <summary>
    /// What an attempt has cost by <paramref name="now"/>: its hourly price from the moment a create call was permitted (a lost
    /// reply may bill from then on) until its destroy was accepted or it was found gone.
    /// </summary>
    public static Money CostAt(this Attempt attempt, DateTimeOffset now)
    {
        if (attempt.Phase == AttemptPhase.Ended)
        {
            return attempt.Cost;
        }

        return attempt.LaunchSentAt is { } from
            ? attempt.Offer.PricePerHour.PerHourFor((attempt.DestroyAcceptedAt ?? now) - from)
            : Money.Zero;
    }
}
