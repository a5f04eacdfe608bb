using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.Emulators;

namespace Orchestrator.Drills.Weekend;

/// <summary>The jobs of a weekend from their submit to their bills.</summary>
internal sealed class WeekendBatch(ServerProcess server, EmulatedClouds clouds, Site site, WeekendPlan plan, WeekendOptions options, TimeSpan patience)
{
    /// <summary>Charges come in fractions of a micro-dollar, an hour each.</summary>
    private const decimal Rounding = 0.0001m;

    private static readonly string[] _over = ["succeeded", "failed", "cancelled", "paused", "deadline-missed"];

    private readonly Dictionary<WeekendJob, long> _ids = [];
    private readonly Dictionary<WeekendJob, string> _befell = [];
    private readonly HashSet<WeekendJob> _cancelled = [];
    private readonly Queue<(TimeSpan At, string Cloud, string Name)> _outages = new(plan.Outages
        .SelectMany(outage => new[] { (At: outage.After, outage.Cloud, Name: outage.Begins), (At: outage.After + outage.Lasts, outage.Cloud, Name: outage.Ends) }).OrderBy(one => one.At));
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public async Task<IReadOnlyList<WeekendResult>> RunAsync(Func<WeekendResult, Task> tell)
    {
        for (var number = 0; number < plan.Jobs.Count; number++)
        {
            Throw(plan.Trouble.Skip(number * options.Clouds.Count).Take(options.Clouds.Count));
            await SubmitAsync(plan.Jobs[number]);
        }

        Throw(plan.Trouble.Skip(plan.Jobs.Count * options.Clouds.Count));

        var results = new List<WeekendResult>();
        try
        {
            await Wait.UntilAsync(StepAsync, "the end of all jobs", patience, TimeSpan.FromSeconds(1));
            Pass(TimeSpan.MaxValue);
            await Wait.UntilAsync(IsSettledAsync, "settled bills", TimeSpan.FromMinutes(options.Sabotage is null ? 5 : 1), TimeSpan.FromSeconds(2));
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
    public (int Met, int Planned) Trouble => (plan.Trouble.Count - clouds.All.Sum(cloud => cloud.Waiting()), plan.Trouble.Count);

    /// <summary>Instances beside the first under one label: each launch may rent one.</summary>
    public int Duplicates(EmulatedClouds all)
    {
        ArgumentNullException.ThrowIfNull(all);
        return all.All.SelectMany(cloud => cloud.Bills()).GroupBy(bill => bill.Label, StringComparer.Ordinal).Where(of => of.Key.Length > 0).Sum(of => of.Count() - 1);
    }

    /// <summary>The next calls there meet it.</summary>
    private void Throw(IEnumerable<(string Cloud, string Name)> trouble)
    {
        foreach (var (name, what) in trouble)
        {
            _ = clouds.All.First(cloud => cloud.Name == name).Throw(what, null) ? true : throw new InvalidOperationException($"{name} has no trouble {what}");
        }
    }

    /// <summary>Outages begin and end as time passes.</summary>
    private void Pass(TimeSpan time)
    {
        while (_outages.TryPeek(out var next) && next.At <= time)
        {
            Throw([(next.Cloud, next.Name)]);
            _outages.Dequeue();
        }
    }

    private async Task SubmitAsync(WeekendJob job)
    {
        var spec = Path.Combine(site.Work, job.Name + ".yaml");
        var text = job.Spec(options.Image, options.Clouds)
            .Replace("DEADLINE", DateTime.UtcNow.AddHours(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await File.WriteAllTextAsync(spec, text);
        _ids[job] = await server.Api.SubmitAsync(spec);
    }

    /// <returns>True: all have ended.</returns>
    private async Task<bool> StepAsync()
    {
        Pass(TimeProvider.System.GetElapsedTime(_began));
        var all = true;
        foreach (var (job, id) in _ids)
        {
            var now = await server.Api.JobAsync(id);
            if (_over.Contains(now["state"]!.GetValue<string>()))
            {
                continue;
            }

            all = false;
            if (job.IsCancelled && !_cancelled.Contains(job) && (!job.HasCheckpoints || await HasSavedAsync(id)))
            {
                await server.Api.PostAsync($"jobs/{id}/cancel");
                _cancelled.Add(job);
            }
            else if (job.Befalls.Count > 0 && !_befell.ContainsKey(job) && await HasSavedAsync(id))
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

        foreach (var cloud in clouds.All)
        {
            if (job.Befalls.TryGetValue(cloud.Name, out var loss) && cloud.Throw(loss, instance))
            {
                _befell[job] = loss;
            }
        }
    }

    private async Task<bool> HasSavedAsync(long id) =>
        (await server.Api.GetAsync($"jobs/{id}/checkpoints")).AsArray().Any(one => one!["state"]!.GetValue<string>() == "committed");

    /// <summary>Everything is frozen, and published where it ever will be.</summary>
    private async Task<bool> IsSettledAsync()
    {
        foreach (var id in _ids.Values)
        {
            foreach (var one in (await server.Api.GetAsync($"cost?job={id}"))["instances"]!.AsArray())
            {
                if (!one!["frozen"]!.GetValue<bool>() || (Publishes(one) && !one["settled"]!.GetValue<bool>()))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool Publishes(JsonNode instance) => clouds.All.Any(cloud => cloud.Name == instance["provider"]!.GetValue<string>() && cloud.PublishesCharges);

    private async Task<WeekendResult> ReadAsync(WeekendJob job)
    {
        var details = await server.Api.JobAsync(_ids[job]);
        var cost = await server.Api.GetAsync($"cost?job={_ids[job]}");
        var wrong = new List<string>();
        var state = details["state"]!.GetValue<string>();
        if (state != job.Ends)
        {
            wrong.Add($"it is {state} ({details["reason"]}), and should be {job.Ends}\n{server.Tail()}");
        }

        if (job.Befalls.Count > 0 && !_befell.ContainsKey(job))
        {
            wrong.Add("nothing befell it");
        }

        var (ledger, bills, apart) = (0m, 0m, 0m);
        var labels = details["attempts"]!.AsArray().Select(attempt => attempt!["instanceId"]?.GetValue<string>()).OfType<string>().ToHashSet();
        foreach (var one in cost["instances"]!.AsArray())
        {
            var (provider, instance) = (one!["provider"]!.GetValue<string>(), one["instance"]!.GetValue<string>());
            if (BillOf(provider, instance) is not { } theirs)
            {
                wrong.Add($"{provider} knows no instance {instance}");
                continue;
            }

            labels.Remove(instance);
            var (ours, bill) = (one["metered"]!.GetValue<decimal>(), (decimal)theirs.Amount);
            (ledger, bills) = (ledger + ours, bills + bill);
            if (Math.Abs(ours - bill) > Math.Max(0.02m, bill * 0.01m))
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{provider} {instance}: our meter says ${ours:0.0000}, the bill ${bill:0.0000} for ${theirs.PerHour:0.00}/h\n{one["from"]} to {one["until"]}; {details["attempts"]!.AsArray().FirstOrDefault(attempt => attempt!["instanceId"]?.GetValue<string>() == instance)}\n{server.LinesWith(instance)}"));
            }

            if (!one["frozen"]!.GetValue<bool>())
            {
                wrong.Add($"{provider} {instance}: our meter is not frozen");
            }

            if (!Publishes(one))
            {
                continue;
            }

            var charged = one["charged"]?.GetValue<decimal>();
            apart += Math.Abs((charged ?? 0) - bill);
            if (charged is null || !one["settled"]!.GetValue<bool>() || Math.Abs(charged.Value - bill) > Rounding)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{provider} {instance}: we settled for ${charged:0.0000} (settled: {one["settled"]}), the bill is ${bill:0.0000}"));
            }
        }

        if (server.LinesWith(EmulatedClouds.Key) is { Length: > 0 } told)
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
            Providers = [.. cost["instances"]!.AsArray().Select(one => one!["provider"]!.GetValue<string>()).Distinct()],
            Attempts = details["attempts"]!.AsArray().Count,
            Interruptions = details["interruptions"]!.GetValue<int>(),
            Befell = _befell.GetValueOrDefault(job),
            Wasted = parts["lostWork"]!.GetValue<decimal>() + parts["neverBooted"]!.GetValue<decimal>(),
            Ledger = ledger,
            Bill = bills,
            Apart = apart,
            Wrong = wrong.Count > 0 ? wrong : null,
        };
    }

    private EmulatedBill? BillOf(string provider, string instance) =>
        clouds.All.FirstOrDefault(cloud => cloud.Name == provider)?.Bills().FirstOrDefault(bill => bill.Id == instance);
}
