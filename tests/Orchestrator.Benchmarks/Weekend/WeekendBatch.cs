using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills.Weekend;

/// <summary>The jobs of a weekend from their submit to their bills.</summary>
internal sealed class WeekendBatch(WeekendWorld world, WeekendPlan plan, WeekendOptions options)
{
    private static readonly string[] _over = ["succeeded", "failed", "cancelled", "paused", "deadline-missed"];

    private readonly WeekendBooks _books = new(world);
    private readonly Dictionary<WeekendJob, long> _ids = [];
    private readonly Dictionary<WeekendJob, string> _befell = [];
    private readonly HashSet<WeekendJob> _cancelled = [];
    private readonly WeekendOutages _outages = new(world, plan);
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public async Task<IReadOnlyList<WeekendResult>> RunAsync(Func<WeekendResult, Task> tell)
    {
        for (var number = 0; number < plan.Jobs.Count; number++)
        {
            world.Throw(plan.Trouble.Skip(number * options.Clouds.Count).Take(options.Clouds.Count));
            await SubmitAsync(plan.Jobs[number]);
        }

        world.Throw(plan.Trouble.Skip(plan.Jobs.Count * options.Clouds.Count));

        var results = new List<WeekendResult>();
        try
        {
            await Wait.UntilAsync(StepAsync, "the end of all jobs", WeekendWorld.Patience, TimeSpan.FromSeconds(1));
            _outages.PassAll();
            await Wait.UntilAsync(() => _books.AreSettledAsync(_ids.Values), "settled bills", TimeSpan.FromMinutes(options.Sabotage is null ? 5 : 1), TimeSpan.FromSeconds(2));
        }
        catch (TimeoutException)
        {
            // Each job's own line says what is wrong with it.
        }

        foreach (var job in plan.Jobs)
        {
            results.Add(await ReadAsync(job) with { Seconds = Math.Round(TimeProvider.System.GetElapsedTime(_began).TotalSeconds, 1) });
            await tell(results[^1]);
        }

        return results;
    }

    /// <summary>Of the trouble that the plan has, how much calls have met.</summary>
    public (int Met, int Planned) Trouble => (plan.Trouble.Count - world.Clouds.All.Sum(cloud => cloud.Waiting()), plan.Trouble.Count);

    private async Task SubmitAsync(WeekendJob job)
    {
        var spec = Path.Combine(world.Site.Work, job.Name + ".yaml");
        var text = job.Spec(options.Image, options.Clouds)
            .Replace("DEADLINE", DateTime.UtcNow.AddHours(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await File.WriteAllTextAsync(spec, text);
        _ids[job] = await world.Server.Api.SubmitAsync(spec);
    }

    /// <returns>True: all have ended.</returns>
    private async Task<bool> StepAsync()
    {
        _outages.Pass();
        var all = true;
        foreach (var (job, id) in _ids)
        {
            var now = await world.Server.Api.JobAsync(id);
            if (_over.Contains(now["state"]!.GetValue<string>()))
            {
                continue;
            }

            all = false;
            if (job.IsCancelled && !_cancelled.Contains(job) && (!job.HasCheckpoints || await world.HasSavedAsync(id)))
            {
                await world.Server.Api.PostAsync($"jobs/{id}/cancel");
                _cancelled.Add(job);
            }
            else if (job.Befalls.Count > 0 && !_befell.ContainsKey(job) && await world.HasSavedAsync(id))
            {
                Befall(job, now);
            }
        }

        return all;
    }

    /// <summary>Its host is lost, in the way that the seed chose.</summary>
    private void Befall(WeekendJob job, JsonNode now)
    {
        if (now["attempts"]!.AsArray().LastOrDefault() is not { } attempt || attempt["instanceId"]?.GetValue<string>() is not { } instance)
        {
            return;
        }

        foreach (var cloud in world.Clouds.All)
        {
            if (job.Befalls.TryGetValue(cloud.Name, out var loss) && cloud.Throw(loss, instance))
            {
                _befell[job] = loss;
            }
        }
    }

    private async Task<WeekendResult> ReadAsync(WeekendJob job)
    {
        var details = await world.Server.Api.JobAsync(_ids[job]);
        var cost = await world.Server.Api.GetAsync($"cost?job={_ids[job]}");
        var wrong = new List<string>();
        var state = details["state"]!.GetValue<string>();
        if (state != job.Ends)
        {
            wrong.Add($"it is {state} ({details["reason"]}), and should be {job.Ends}\n{world.Server.Tail()}");
        }

        if (job.Befalls.Count > 0 && !_befell.ContainsKey(job))
        {
            wrong.Add("nothing befell it");
        }

        var labels = details["attempts"]!.AsArray().Select(attempt => attempt!["instanceId"]?.GetValue<string>()).OfType<string>().ToHashSet();
        var books = await _books.ReadAsync([_ids[job]]);
        foreach (var one in books)
        {
            labels.Remove(one.Instance);
            wrong.AddRange(one.Problems().Select(problem =>
                $"{problem}\n{details["attempts"]!.AsArray().FirstOrDefault(attempt => attempt!["instanceId"]?.GetValue<string>() == one.Instance)}\n{world.LinesWith(one.Instance)}"));
        }

        if (world.LinesWith(EmulatedClouds.Key) is { Length: > 0 } told)
        {
            wrong.Add("the server's log has the key of the accounts:\n" + told);
        }

        wrong.AddRange(labels.Select(missing => $"instance {missing} is not in the ledger"));
        var parts = cost["total"]!;
        return new()
        {
            Job = job.Name,
            Policy = job.Policy,
            State = state,
            Providers = [.. books.Select(one => one.Provider).Distinct()],
            Attempts = details["attempts"]!.AsArray().Count,
            Interruptions = details["interruptions"]!.GetValue<int>(),
            Befell = _befell.GetValueOrDefault(job),
            Wasted = parts["lostWork"]!.GetValue<decimal>() + parts["neverBooted"]!.GetValue<decimal>(),
            Ledger = books.Sum(one => one.Metered),
            Bill = books.Sum(one => one.Billed),
            Apart = books.Sum(one => one.Apart),
            Wrong = wrong.Count > 0 ? wrong : null,
        };
    }
}
