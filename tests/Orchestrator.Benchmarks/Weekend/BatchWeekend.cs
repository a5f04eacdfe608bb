using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills.Weekend;

/// <summary>Friday's submits, and what a person, the hosts and the server's machine do until all has ended.</summary>
internal sealed class BatchWeekend(WeekendWorld world, WeekendPlan plan, WeekendOptions options)
{
    private static readonly string[] _over = ["succeeded", "failed", "cancelled", "deadline-missed"];

    /// <summary>What the losses of the weekend are chosen from, one after the other.</summary>
    private static readonly string[] _losses = ["outbid", "host-lost", "flip-to-stopped", "destroyed-by-provider", "offline", "contract-ends"];

    private readonly Dictionary<string, long> _singles = [];
    private readonly Dictionary<long, string> _befell = [];
    private readonly WeekendOutages _outages = new(world, plan);
    private readonly WeekendBooks _books = new(world);
    private bool _wasKilled;
    private bool _wasPaused;
    private bool _wasResumed;

    /// <summary>Members that have ended when the server is killed.</summary>
    private int BeforeKill => options.Jobs * 3 / 10;

    /// <summary>Members that have ended when a person comes back to what was paused.</summary>
    private int BeforeResume => options.Jobs * 4 / 10;

    /// <summary>Of the sweep.</summary>
    public int Members => options.Jobs;

    /// <summary>All jobs, by number.</summary>
    public IReadOnlyList<JsonNode> Jobs { get; private set; } = [];

    /// <summary>The job that <see cref="Saturday.Typo"/> became.</summary>
    public long? Retried { get; private set; }

    /// <summary>What befell hosts, by job.</summary>
    public IReadOnlyDictionary<long, string> Befell => _befell;

    public bool WasKilled => _wasKilled;

    /// <exception cref="TimeoutException">Something does not come to its end; what there is can be judged all the same.</exception>
    public async Task RunAsync()
    {
        await SubmitAsync(Saturday.Sweep, Saturday.SweepSpec(options.Image, options.Clouds, Members));
        foreach (var single in Saturday.Singles)
        {
            _singles[single] = (await SubmitAsync(single, Saturday.SpecOf(single, options.Image, options.Clouds)))["job"]!["id"]!.GetValue<long>();
        }

        world.Throw(plan.Trouble);
        await Wait.UntilAsync(StepAsync, "the end of all jobs", WeekendWorld.Patience, TimeSpan.FromSeconds(1));
        _outages.PassAll();
        await Wait.UntilAsync(() => _books.AreSettledAsync(Jobs.Select(Id)), "settled bills", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(2));
        await ReadAsync();
    }

    public bool IsMember(JsonNode job) => job["batch"]?["name"]?.GetValue<string>() == Saturday.Sweep;

    /// <summary>Which of the five it is; null = none.</summary>
    public string? SingleOf(JsonNode job) => _singles.FirstOrDefault(single => single.Value == Id(job)).Key;

    public static long Id(JsonNode job) => job["id"]!.GetValue<long>();

    public static string State(JsonNode job) => job["state"]!.GetValue<string>();

    public static string Cell(JsonNode job) => job["batch"]?["cell"]?.GetValue<string>() ?? "";

    private async Task<JsonNode> SubmitAsync(string name, string text)
    {
        var spec = Path.Combine(world.Site.Work, name + ".yaml");
        await File.WriteAllTextAsync(spec, text);
        return await world.Server.Api.PostAsync("jobs", new JsonObject { ["yaml"] = text, ["fileName"] = Path.GetFileName(spec), ["folder"] = world.Site.Work });
    }

    private async Task ReadAsync() => Jobs = [.. (await world.Server.Api.GetAsync("jobs?all=true"))["jobs"]!.AsArray().OfType<JsonNode>().OrderBy(Id)];

    /// <returns>True: all have ended.</returns>
    private async Task<bool> StepAsync()
    {
        _outages.Pass();
        await ReadAsync();
        foreach (var job in Jobs.Where(job => !_over.Contains(State(job))))
        {
            await HappenAsync(job);
        }

        var ended = Jobs.Count(job => IsMember(job) && _over.Contains(State(job)));
        if (!_wasKilled && ended >= BeforeKill)
        {
            await world.Server.KillAsync();
            await world.StartServerAsync();
            _wasKilled = true;
        }

        await RetryAsync();
        if (_wasPaused && !_wasResumed && ended >= BeforeResume && State(Find(Saturday.ByHand)) == "paused")
        {
            await world.Server.Api.PostAsync($"jobs/{_singles[Saturday.ByHand]}/resume");
            _wasResumed = true;
        }

        return Retried is not null && Jobs.All(job => _over.Contains(State(job)) || (SingleOf(job) == Saturday.TooDear && State(job) == "paused"));
    }

    /// <summary>What befalls a job's host, or what a person does to it, once it has saved something.</summary>
    private async Task HappenAsync(JsonNode job)
    {
        var (id, single) = (Id(job), SingleOf(job));
        var isLost = !_befell.ContainsKey(id) && (single == Saturday.Unlucky || Cell(job).EndsWith(Saturday.LostWidth, StringComparison.Ordinal));
        if (isLost && await world.HasSavedAsync(id) && await InstanceAsync(id) is { } instance)
        {
            var at = _befell.Count + options.Seed;
            // Not every cloud can lose a host in every way.
            if (Enumerable.Range(0, _losses.Length).Select(turn => _losses[(at + turn) % _losses.Length]).FirstOrDefault(loss => world.Clouds.All.Any(cloud => cloud.Throw(loss, instance))) is { } befell)
            {
                _befell[id] = befell;
            }
        }

        if (single == Saturday.ByHand && !_wasPaused && await world.HasSavedAsync(id))
        {
            await world.Server.Api.PostAsync($"jobs/{id}/pause");
            _wasPaused = true;
        }
    }

    private async Task RetryAsync()
    {
        if (Retried is null && State(Find(Saturday.Typo)) == "failed")
        {
            var reply = await world.Server.Api.PostAsync($"jobs/{_singles[Saturday.Typo]}/retry", new JsonObject { ["fromCheckpoint"] = 0, ["sets"] = new JsonArray("env.MISTAKE=0") });
            Retried = reply["job"]!["id"]!.GetValue<long>();
            await ReadAsync();
        }
    }

    private JsonNode Find(string single) => Jobs.First(job => Id(job) == _singles[single]);

    private async Task<string?> InstanceAsync(long id) => (await world.Server.Api.JobAsync(id))["attempts"]!.AsArray().LastOrDefault()?["instanceId"]?.GetValue<string>();
}
