using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>
/// All time-outs and limits the kernel decides by, in one place. They are recorded with every tick, so that a replay uses
/// what was in force then.
/// </summary>
public sealed record Policies
{
    /// <summary>Longest a create call may take; after it the reply counts as lost. Must exceed the provider client's own time-out.</summary>
    public TimeSpan CreateTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a new or destroyed instance may be missing from (or linger in) a provider's list.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Instance found → provider says running.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Running → the agent's hello.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>On top of <see cref="Connect"/>, for a machine that has to pull the job's image first.</summary>
    public TimeSpan Pull { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Hello → pre-flight answered.</summary>
    public TimeSpan Check { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Code, data and restore, when the spec names no time; the user's setup comes on top.</summary>
    public TimeSpan Stage { get; init; } = TimeSpan.FromHours(6);

    /// <summary>On top of the drain grace: time to flush the newest checkpoint after the trainer is gone.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Time to store outputs and the last checkpoint after a success; longer, since the work is done and paid.</summary>
    public TimeSpan FlushAfterSuccess { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Bound of the wipe.</summary>
    public TimeSpan Clean { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a wiped host is kept for the job of the batch that is to take it over, at the price of the one that gives it.</summary>
    public TimeSpan Pass { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>loss.max-wait</c>: a host that nobody hears for this long is Lost, whatever its provider says; also the wait for an
    /// unconfirmed destroy before the next attempt may begin beside it.</summary>
    public TimeSpan LossMaxWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Silence after which the provider's list, as second witness, is enough for a verdict.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>First wait after an attempt that got nowhere; doubles up to <see cref="BackoffMax"/>, with a seeded jitter of ±20 %.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an offer's host is avoided after it failed an attempt; halved candidates come back when nothing else fits.</summary>
    public TimeSpan AvoidHost { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a host is left alone to which the registry refused the job's image; then it is asked once more.</summary>
    public TimeSpan DeniedWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long lists have to say that an instance is dearer than agreed before it counts: one odd row must not end a run, nor fill its books.</summary>
    public TimeSpan RateHolds { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a provider is left alone that refused our key or our credit, or whose API is gone: a person has to act.</summary>
    public TimeSpan ProviderWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a provider is left alone that limits our rate.</summary>
    public TimeSpan RateWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Create calls of one attempt that may be lost without a trace before it looks elsewhere.</summary>
    public int MaxLaunchSends { get; init; } = 3;

    /// <summary>Time, on top of drain grace and wipe, that the budget keeps back for storing the newest checkpoint; the reserve is
    /// never more than a tenth of the budget.</summary>
    public TimeSpan BudgetFlush { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A job that what is left of its budget cannot finish waits so long for prices to fall; then it is paused (or stopped).</summary>
    public TimeSpan BudgetWait { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Time, on top of drain grace and wipe, that is kept for storing the newest checkpoint before a rental ends by itself.</summary>
    public TimeSpan RentalFlush { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time kept between the expected finish and a deadline: for a launch that comes to nothing, or a loss that is noticed late.</summary>
    public TimeSpan DeadlineMargin { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Share of the time to spare, from when a job could begin until its latest start, that it waits for a market which asks more than usual.</summary>
    public double PatienceShare { get; init; } = 0.5;

    /// <summary>How often a job that rides what may be taken away, or waits for its hours, is held against its deadline.</summary>
    public TimeSpan DeadlineLook { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The same once its latest start is reached.</summary>
    public TimeSpan DeadlineNearLook { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Training time between two looks at whether the rest of the work costs less elsewhere...</summary>
    public TimeSpan MoveLook { get; init; } = TimeSpan.FromHours(1);

    /// <summary>...each of them so long after the full time: who saves every half or whole hour has just done so...</summary>
    public TimeSpan MoveLookAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>...and no later than this; a tick that comes later waits for the next one.</summary>
    public TimeSpan MoveLookFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Share of the rest's cost that moving must save beyond all it costs: forecasts are no better than that.</summary>
    public double MoveLeast { get; init; } = 0.05;

    /// <summary>Where an attempt ended within this time nobody moves to.</summary>
    public TimeSpan MoveAvoids { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Most moves in 24 hours: a market that is as often cheaper here as there is not followed to and fro.</summary>
    public int MovesPerDay { get; init; } = 6;

    /// <summary>How often offers are looked at while none fits.</summary>
    public TimeSpan OfferRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How soon an unanswered destroy is sent again.</summary>
    public TimeSpan DestroyRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How soon an unanswered other effect is repeated.</summary>
    public TimeSpan EffectRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Per-provider values that replace the ones above, by provider name.</summary>
    public ImmutableSortedDictionary<string, ProviderTimings> Providers { get; init; } = ImmutableSortedDictionary<string, ProviderTimings>.Empty;

    public ProviderTimings TimingsOf(string provider) =>
        Providers.TryGetValue(provider, out var own) ? own : new ProviderTimings { CreateTimeout = CreateTimeout, Settling = Settling, Boot = Boot, Connect = Connect };
}
