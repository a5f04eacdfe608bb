namespace Orchestrator.Drills.Weekend;

/// <summary>The product's times, shortened so that deadlines run out while one watches.</summary>
public static class WeekendTuning
{
    /// <summary>As <c>ORCHESTRATOR_TUNING</c> has it. How long a host lives alone is a job's own <c>host-lease</c>.</summary>
    public const string Text =
        "lease=60,lease-margin=1,effect-timeout=25,create-timeout=40,settling=4,listing-age=2,observe=1,sweep=4,channel-lease=6,channel-silence=20,silence=10,loss-max-wait=60,"
        + "backoff=0.5,effect-retry=4,destroy-retry=4,offer-retry=2,provider-wait=15,boot=60,connect=60,charges=5,charges-still=15";
}
