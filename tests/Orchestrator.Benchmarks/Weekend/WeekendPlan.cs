namespace Orchestrator.Drills.Weekend;

/// <summary>What a seed makes of the weekend: which jobs, which losses, which calls go wrong. The same seed plans the same.</summary>
public sealed class WeekendPlan
{
    /// <summary>
    /// How many times a card costs what it does in the market. Instances live for a minute: 2 cents, which our meter may be off, are then
    /// a third of it, and not all of it. In so long a time nobody may see that something is free: lists that are asked for fail for 15 s.
    /// </summary>
    public const int Dearer = 5;

    /// <summary>
    /// The same for what is moved: an instance pulls 60 MB, and its part of the bill is to be seen. At the dearest host what our meter leaves
    /// out, the agent, what it says and what it tries the store with (some 20 MB), stays near a cent.
    /// </summary>
    public const int DearerBytes = 10;

    private const string Budget = "budget: {max-total: $100}";

    /// <summary>The first and the last need a marketplace: nobody else takes bids, or scores hosts.</summary>
    private static readonly (string Policy, string Terms)[] _policies =
    [
        ("bids", "reliability: {capacity: interruptible}\n" + Budget),
        ("on demand", "reliability: {capacity: on-demand}\n" + Budget),
        ("whatever is cheapest", Budget),
        ("bids, then on demand", "reliability: {capacity: auto, on-demand-after: 1}\n" + Budget),
        ("fastest", "prefer: speed\n" + Budget),
        ("cheapest hour", "prefer: hourly\n" + Budget),
        ("deadline", "deadline: {at: DEADLINE}\n" + Budget),
        ("at most $4.50/h", "budget: {max-total: $100, max-hourly: $4.50}"),
        ("score of 95 %", "reliability: {min-score: 95%}\n" + Budget),
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

    /// <summary>Met by calls while the jobs run, at the cloud that the words are of.</summary>
    private static readonly Dictionary<string, string[]> _trouble = new()
    {
        ["vast"] =
        [
            "create-offer-gone", "create-answer-lost", "create-error-afterwards", "create-too-frequent", "create-driver-too-old", "create-broken-card", "create-dead-card", "create-slow",
            "list-bad-gateway", "list-too-frequent", "list-slow", "destroy-ignored", "destroy-answer-lost", "destroy-bad-gateway",
        ],
        ["runpod"] =
        [
            "create-offer-gone", "create-answer-lost", "create-error-afterwards", "create-too-many", "create-slow",
            "list-bad-gateway", "list-too-many", "list-slow", "destroy-answer-lost", "destroy-bad-gateway",
        ],
        ["lambda"] =
        [
            "create-offer-gone", "create-answer-lost", "create-error-afterwards", "create-too-many", "create-slow",
            "list-bad-gateway", "list-slow", "destroy-answer-lost", "destroy-bad-gateway",
        ],
    };

    /// <summary>What needs a boot deadline is thrown at most once, since it takes that long.</summary>
    private static readonly Dictionary<string, string[]> _slowTrouble = new() { ["vast"] = ["create-stuck-loading", "create-no-ssh"], ["runpod"] = [], ["lambda"] = ["create-stuck-loading"] };

    /// <summary>Clouds whose hosts can end themselves when nobody is heard of any more.</summary>
    private static readonly string[] _selfEnding = ["vast", "runpod"];

    private static readonly (string Begins, string Ends)[] _outages = [("api-down", "api-up"), ("key-revoked", "key-good-again")];

    private WeekendPlan(IReadOnlyList<WeekendJob> jobs, IReadOnlyList<(string Cloud, string Name)> trouble, IReadOnlyList<WeekendOutage> outages) => (Jobs, Trouble, Outages) = (jobs, trouble, outages);

    public IReadOnlyList<WeekendJob> Jobs { get; }

    /// <summary>One for each cloud after the other, as the jobs are submitted.</summary>
    public IReadOnlyList<(string Cloud, string Name)> Trouble { get; }

    /// <summary>In the order in which they begin; of one cloud, one after the other.</summary>
    public IReadOnlyList<WeekendOutage> Outages { get; }

    /// <summary>The jobs during which the server vanishes, one at each cloud whose hosts end themselves. They wait at their second checkpoint for what never befalls them.</summary>
    public static IReadOnlyList<WeekendJob> LeftAlone(WeekendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. options.Clouds.Where(_selfEnding.Contains).Select(cloud => new WeekendJob
            {
                Name = "left-alone-at-" + cloud, Policy = "the server vanishes", Terms = "reliability: {host-lease: 1m}\n" + Budget,
                Provider = cloud, Befalls = new Dictionary<string, string> { ["all"] = "nothing" },
            }),
        ];
    }

    public static WeekendPlan Of(WeekendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var dice = new Random(options.Seed);
        var losses = _losses.ToArray();
        dice.Shuffle(losses);
        var policies = options.Clouds.Contains("vast") ? _policies : _policies[1..^1];
        var jobs = new List<WeekendJob>();
        for (var number = 0; number < options.Jobs; number++)
        {
            var (policy, terms) = policies[number % policies.Length];
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
                11 => job with { Policy = "nothing is cheap enough", Terms = "budget: {max-total: $100, max-hourly: $0.01}", Ends = "cancelled", IsCancelled = true, HasCheckpoints = false },
                8 => job with { Policy = policy + ", no checkpoints", HasCheckpoints = false },
                < 3 => job with { Befalls = losses[number % losses.Length] },
                _ => dice.Next(2) == 0 ? job with { Befalls = losses[number % losses.Length] } : job,
            });
        }

        List<List<string>> dealt = [.. options.Clouds.Select(cloud => Deal(cloud, options, dice))];
        // Shorter than the time in which nobody may see that something is free.
        var outages = options.Sabotage is not null ? [] : options.Clouds
            .SelectMany(cloud => _outages.Select((of, turn) => new WeekendOutage(cloud, TimeSpan.FromSeconds(15 + (45 * turn) + dice.Next(25)), TimeSpan.FromSeconds(5 + dice.Next(6)), of.Begins, of.Ends)))
            .OrderBy(outage => outage.After).ToList();
        return new(jobs, [.. Enumerable.Range(0, dealt.Max(of => of.Count)).SelectMany(turn => options.Clouds.Zip(dealt).Where(of => turn < of.Second.Count).Select(of => (of.First, of.Second[turn])))], outages);
    }

    private static List<string> Deal(string cloud, WeekendOptions options, Random dice)
    {
        var (fast, slow) = (_trouble[cloud], _slowTrouble[cloud]);
        string[] order = [.. Enumerable.Range(0, Math.Max(3, options.Jobs / 2)).Select(_ => fast[dice.Next(fast.Length)]), .. slow.Length > 0 ? [slow[dice.Next(slow.Length)]] : (string[])[]];
        dice.Shuffle(order);
        return options.Sabotage switch
        {
            // What the broken rule was for comes first.
            "no-label-lookup" => ["create-answer-lost", "create-answer-lost", .. order],
            "trust-destroy" when cloud == "vast" => ["destroy-ignored", "destroy-ignored", .. order],
            _ => [.. order],
        };
    }
}
