using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills;

/// <summary>What a case works with: the job, the server that runs it, and dice.</summary>
public sealed class DrillRun(Products products, Site site, TrainerPlan plan, Random dice, IReadOnlyDictionary<string, string> everyServer, string failPointLog) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly List<ServerProcess> _servers = [];
    private bool _isSubmitted;

    public Site Site { get; } = site;

    public TrainerPlan Plan { get; } = plan;

    public Random Dice { get; } = dice;

    public long Job { get; private set; }

    /// <summary>Set once the job is there.</summary>
    public StoreWatch Store { get; private set; } = null!;

    /// <summary>The server to ask.</summary>
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>What was done, for the report.</summary>
    public string Fault { get; set; } = "";

    public async Task<ServerProcess> StartServerAsync(IReadOnlyDictionary<string, string>? extra = null, bool beside = false)
    {
        if (Site.IsClosed)
        {
            await Task.Delay(Timeout.Infinite); // broken off: this process is about to end
        }

        Dictionary<string, string> environment = new(everyServer);
        foreach (var (name, value) in extra ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        var server = ServerProcess.Start(products, Site, environment, beside);
        _servers.Add(server);
        Server = await server.UntilHealthyAsync();
        if (_isSubmitted && Job == 0)
        {
            await FindJobAsync();
        }

        return server;
    }

    /// <summary>A server with a fail point may die or stop before it answers; the job is stored all the same, and the next server knows its number.</summary>
    public async Task SubmitAsync()
    {
        var sending = Server.Api.SubmitAsync(Plan.Write(Site, products));
        _isSubmitted = true;
        await UntilAsync(() => sending.IsCompleted || FailPointWasHit, "an answer to the submission");
        // An answer that is under way has a moment to arrive.
        await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(2)));
        if (sending.IsCompletedSuccessfully || !FailPointWasHit)
        {
            Found(await sending);
        }
    }

    public Task UntilAsync(Func<bool> condition, string what, TimeSpan? pause = null) => Wait.UntilAsync(condition, what, Patience, pause);

    public bool FailPointWasHit => File.Exists(failPointLog) && new FileInfo(failPointLog).Length > 0;

    /// <summary>Waits for the armed fail point; false when the job ended without it.</summary>
    public async Task<bool> UntilFailPointAsync()
    {
        var ended = false;
        await Wait.UntilAsync(
            async () =>
            {
                if (FailPointWasHit || Server.HasExited || Server.IsStopped)
                {
                    return FailPointWasHit;
                }

                // The server may stop in the middle of its answer.
                var asked = HasEndedAsync();
                await Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(3)));
                ended = asked.IsCompletedSuccessfully && await asked && !FailPointWasHit;
                return ended || FailPointWasHit;
            },
            "the fail point",
            Patience,
            TimeSpan.FromMilliseconds(100));
        return !ended;
    }

    /// <summary>The server is gone; after a moment somebody starts it again.</summary>
    public async Task RestartAsync()
    {
        await Server.KillAsync();
        await PauseAsync(0, 1.5);
        await StartServerAsync();
    }

    /// <summary>A stretch of time the seed chooses: the fault's instant, never a wait for something.</summary>
    public Task PauseAsync(double from, double to) => Task.Delay(TimeSpan.FromSeconds(from + (Dice.NextDouble() * (to - from))));

    /// <summary>Until so many whole checkpoints are in the store.</summary>
    public Task UntilDurableAsync(int count) => UntilAsync(() => Store.Durable().Count >= count, $"{count} checkpoints in the store");

    public async Task<string> KillInstanceAsync() => await TryKillInstanceAsync() ?? throw new InvalidOperationException("there is not exactly one instance to kill");

    /// <summary>Null: there is not exactly one.</summary>
    public async Task<string?> TryKillInstanceAsync()
    {
        if (Witness.LiveInstances(Site, Job) is not [var only])
        {
            return null;
        }

        await Site.KillInstanceAsync(only);
        return only;
    }

    private async Task FindJobAsync()
    {
        var jobs = (await Server.Api.GetAsync("jobs?all=true"))["jobs"]!.AsArray();
        var ours = jobs.SingleOrDefault(job => job!["name"]!.GetValue<string>() == Plan.Name) ?? throw new InvalidOperationException("the job was lost with its server");
        Found(ours["id"]!.GetValue<long>());
    }

    private void Found(long job)
    {
        Job = job;
        Store = new(Site, Plan.Name, job);
    }

    public async Task<bool> HasEndedAsync()
    {
        try
        {
            return (await Server.Api.JobAsync(Job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused" or "deadline-missed";
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Store?.Dispose();
        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }
}
