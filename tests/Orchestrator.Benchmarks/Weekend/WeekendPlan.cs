namespace Orchestrator.Drills.Weekend;

/// <summary>What a seed makes of the weekend: which jobs, which losses, which calls go wrong. The same seed plans the same.</summary>
public sealed class WeekendPlan
{
    private static readonly (string Policy, string Terms)[] _policies =
    [
        ("bids", "reliability: {capacity: interruptible}\nbudget: {max-total: $5}"),
        ("on demand", "reliability: {capacity: on-demand}\nbudget: {max-total: $5}"),
        ("whatever is cheapest", "budget: {max-total: $5}"),
        ("bids, then on demand", "reliability: {capacity: auto, on-demand-after: 1}\nbudget: {max-total: $5}"),
        ("fastest", "prefer: speed\nbudget: {max-total: $5}"),
        ("cheapest hour", "prefer: hourly\nbudget: {max-total: $5}"),
        ("deadline", "deadline: {at: DEADLINE}\nbudget: {max-total: $5}"),
        ("at most $0.90/h", "budget: {max-total: $5, max-hourly: $0.90}"),
        ("score of 95 %", "reliability: {min-score: 95%}\nbudget: {max-total: $5}"),
    ];

    /// <summary>What may befall an instance, by cloud, so that its job goes on elsewhere.</summary>
    private static readonly Dictionary<string, string>[] _losses =
    [
        new() { ["vast"] = "outbid", ["runpod"] = "host-lost", ["lambda"] = "preempted" },
        new() { ["vast"] = "outbid-stays-wanted", ["runpod"] = "destroyed-by-provider", ["lambda"] = "preempted" },
        new() { ["vast"] = "flip-to-stopped", ["runpod"] = "host-lost", ["lambda"] = "preempted" },
        new() { ["vast"] = "destroyed-by-provider", ["runpod"] = "destroyed-by-provider", ["lambda"] = "preempted" },
        new() { ["vast"] = "contract-ends", ["runpod"] = "host-lost", ["lambda"] = "preempted" },
        new() { ["vast"] = "offline", ["runpod"] = "host-lost", ["lambda"] = "preempted" },
    ];

    /// <summary>Met by calls while the jobs run. What needs a boot deadline is thrown at most once, since it takes that long.</summary>
    private static readonly string[] _trouble =
    [
        "create-offer-gone", "create-answer-lost", "create-error-afterwards", "create-too-frequent", "create-driver-too-old", "create-broken-card", "create-slow",
        "list-bad-gateway", "list-too-frequent", "list-slow", "destroy-ignored", "destroy-answer-lost", "destroy-bad-gateway",
    ];

    private static readonly string[] _slowTrouble = ["create-stuck-loading", "create-no-ssh"];

    private WeekendPlan(IReadOnlyList<WeekendJob> jobs, IReadOnlyList<string> trouble) => (Jobs, Trouble) = (jobs, trouble);

    public IReadOnlyList<WeekendJob> Jobs { get; }

    /// <summary>One after the other, as the jobs are submitted.</summary>
    public IReadOnlyList<string> Trouble { get; }

    public static WeekendPlan Of(WeekendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var dice = new Random(options.Seed);
        var losses = _losses.ToArray();
        dice.Shuffle(losses);
        var jobs = new List<WeekendJob>();
        for (var number = 0; number < options.Jobs; number++)
        {
            var (policy, terms) = _policies[number % _policies.Length];
            var job = new WeekendJob { Name = FormattableString.Invariant($"job-{number + 1}"), Policy = policy, Terms = terms };
            // Marketplaces are cheaper than the others ever are: those get jobs of their own.
            job = (number % 12) switch
            {
                2 or 5 or 7 when options.Clouds.Contains("runpod") => job with { Provider = "runpod", Policy = job.Policy + ", at RunPod" },
                4 or 6 when options.Clouds.Contains("lambda") => job with { Provider = "lambda", Policy = job.Policy + ", a machine of Lambda" },
                _ => job,
            };
            // The first three are lost whatever the seed; of the others about half.
            jobs.Add((number % 12) switch
            {
                9 => job with { Policy = "its trainer fails", Ends = "failed", ExitsWith = 3 },
                10 => job with { Policy = "a person cancels it", Ends = "cancelled", IsCancelled = true },
                11 => job with { Policy = "nothing is cheap enough", Terms = "budget: {max-total: $5, max-hourly: $0.01}", Ends = "cancelled", IsCancelled = true, HasCheckpoints = false },
                8 => job with { Policy = policy + ", no checkpoints", HasCheckpoints = false },
                < 3 => job with { Befalls = losses[number % losses.Length] },
                _ => dice.Next(2) == 0 ? job with { Befalls = losses[number % losses.Length] } : job,
            });
        }

        List<string> trouble = [.. Enumerable.Range(0, Math.Max(3, options.Jobs / 2)).Select(_ => _trouble[dice.Next(_trouble.Length)]), _slowTrouble[dice.Next(_slowTrouble.Length)]];
        var order = trouble.ToArray();
        dice.Shuffle(order);
        return new(jobs, options.Sabotage switch
        {
            // What the broken rule was for comes first.
            "no-label-lookup" => ["create-answer-lost", "create-answer-lost", .. order],
            "trust-destroy" => ["destroy-ignored", "destroy-ignored", .. order],
            _ => order,
        });
    }
}
