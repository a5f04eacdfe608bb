using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning.Measuring;

/// <summary>
/// How fast a job was seen to train, over all its attempts on the cards it was longest on. Those on other cards are not
/// converted: how cards compare is the planner's business.
/// </summary>
public sealed record JobPace
{
    /// <summary>A job that takes longer than this has told us nonsense.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3650);

    /// <summary>Entries named after epochs have a step of another kind: nobody's pace is this far off.</summary>
    private const int OtherKind = 10;

    /// <summary>Canonical card; null = it trains without one.</summary>
    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    public required double SecondsPerStep { get; init; }

    /// <summary>Attempts that were measured.</summary>
    public required int Attempts { get; init; }

    /// <summary>The highest step of any attempt.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the whole job; null = nobody says.</summary>
    public long? Total { get; init; }

    /// <param name="attempts">The job's.</param>
    /// <param name="paces">What was seen of them.</param>
    /// <param name="total">Steps of the whole job by the spec; else the newest attempt's word counts.</param>
    /// <returns>Null while too little was seen.</returns>
    public static JobPace? Of(ImmutableArray<Attempt> attempts, ImmutableArray<PaceSeen> paces, long? total)
    {
        var known = paces.Where(pace => pace.Attempt >= 1 && pace.Attempt <= attempts.Length).OrderBy(pace => pace.Attempt).ToList();
        var all = total ?? known.LastOrDefault(pace => pace.Total > 0)?.Total;
        var cards = known.Where(pace => pace.SecondsPerStep is not null)
            .GroupBy(pace => (attempts[pace.Attempt - 1].Offer.Gpu, attempts[pace.Attempt - 1].Offer.GpuCount))
            .OrderByDescending(one => one.Sum(pace => pace.Seconds)).ThenBy(one => one.Key.Gpu, StringComparer.Ordinal).ThenBy(one => one.Key.GpuCount)
            .FirstOrDefault();
        if (cards is null || new PaceSeen(0, cards.Sum(pace => pace.Steps), cards.Sum(pace => pace.Seconds), 0, null) is not { SecondsPerStep: { } pace } sum || !sum.IsEnough(all))
        {
            return null;
        }

        return new JobPace
        {
            Gpu = cards.Key.Gpu,
            GpuCount = cards.Key.GpuCount,
            SecondsPerStep = pace,
            Attempts = cards.Count(),
            Step = known.Max(seen => seen.Step),
            Total = all,
        };
    }

    /// <summary>What is left after the newest checkpoint, since that is what another host begins with; null where it cannot be told.</summary>
    public WorkLeft? Left(JobState state, DateTimeOffset now)
    {
        // A trainer that is beyond the end that it named has named another one than ours: an epoch's, say.
        if (Total is not { } total || Step > total)
        {
            return null;
        }

        var left = Math.Max(1, total - DurableStep(state, now));
        if (TimeOf(left) is not { } time)
        {
            return null;
        }

        return new WorkLeft
        {
            Time = time,
            Gpu = Gpu,
            GpuCount = Math.Max(1, GpuCount),
            Source = WorkSource.JobHistory,
            Words = string.Create(CultureInfo.InvariantCulture, $"{Words}, {left:#,0} steps left"),
        };
    }

    /// <summary><c>measured: 1.54 s/step on RTX 4090 over 2 attempts</c>.</summary>
    public string Words => string.Create(
        CultureInfo.InvariantCulture, $"measured: {Digits(SecondsPerStep)} s/step{On(Gpu, GpuCount)} over {Attempts} attempt{(Attempts == 1 ? "" : "s")}");

    /// <summary>So many steps at this pace; null where that is nonsense.</summary>
    public TimeSpan? TimeOf(long steps) => SecondsPerStep * steps is > 0 and var seconds && seconds <= _longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary><c> on RTX 4090</c>, <c> on 4 x RTX 4090</c>, or nothing.</summary>
    internal static string On(string? gpu, int count) => gpu is null ? "" : count > 1 ? string.Create(CultureInfo.InvariantCulture, $" on {count} x {gpu}") : " on " + gpu;

    /// <summary>Three significant digits.</summary>
    internal static string Digits(double seconds) => seconds switch
    {
        >= 100 => seconds.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => seconds.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => seconds.ToString("0.00", CultureInfo.InvariantCulture),
        >= 0.001 => seconds.ToString("0.####", CultureInfo.InvariantCulture),
        _ => seconds.ToString("0.#e0", CultureInfo.InvariantCulture),
    };

    private long DurableStep(JobState state, DateTimeOffset now)
    {
        if (state.NewestCheckpoint is not { } newest)
        {
            return 0;
        }

        var byTime = (long)Math.Min(Step, state.TrainedUpTo(newest, now).TotalSeconds / SecondsPerStep);
        return newest.Step is >= 0 and var step && step >= byTime / OtherKind ? step : byTime;
    }
}
