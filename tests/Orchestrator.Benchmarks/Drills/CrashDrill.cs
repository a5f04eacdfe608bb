using System.Globalization;
using System.Runtime.InteropServices;
using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills;

/// <summary>Runs the cases one after another on one data folder and one PostgreSQL, each with servers of its own.</summary>
public sealed class CrashDrill(Products products, CrashDrillOptions options)
{
    /// <summary>The product's times, shortened so that a lease runs out while one watches.</summary>
    private const string Tuning =
        "lease=8,lease-margin=1,effect-timeout=3,create-timeout=4,settling=2,listing-age=1,observe=0.5,sweep=2,channel-lease=4,"
        + "silence=2,backoff=0.5,effect-retry=2,destroy-retry=2,offer-retry=1,boot=30,connect=30";

    /// <summary>A machine is asked by commands, and each takes its time.</summary>
    private const string TuningOverSsh = ",lease=24,effect-timeout=10,create-timeout=12,settling=4,channel-silence=8,listing-age=2";

    /// <summary>Ten times what it takes on a machine that has nothing else to do; a loaded one is no fault of the product's.</summary>
    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(5);

    /// <summary>What a broken rule lets two servers do may be over before the witness looks: a case that must notice it has so many goes.</summary>
    private const int GoesWhenSabotaged = 3;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        List<CaseResult> results = [];
        var leftAtEnd = 0;
        using (var site = options.IsOverSsh ? await Site.OverSshAsync("drill") : new Site("drill"))
        using (var witness = new Witness(site))
        using (var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Abandon(site)))
        using (var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Abandon(site)))
        using (var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Abandon(site)))
        {
            foreach (var drill in options.Chosen())
            {
                var isNoticed = false;
                for (var go = 1; go <= (options.Sabotage is null ? 1 : GoesWhenSabotaged) && !isNoticed; go++)
                {
                    var result = await RunCaseAsync(site, witness, drill, go == 1 ? drill.Name : $"{drill.Name}-{go}");
                    results.Add(result);
                    isNoticed = result.IsCounted;
                    await output.WriteLineAsync(result.ToLine());
                    await output.FlushAsync();
                }
            }

            site.EndAll();
            leftAtEnd = site.Processes().Count;
        }

        var duplicates = results.Sum(result => result.Duplicates);
        var leaks = results.Sum(result => result.Leaks) + leftAtEnd;
        var lost = results.Sum(result => result.LostCheckpoints);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"crash points: {results.Count}, duplicates: {duplicates}, leaks: {leaks}, lost checkpoints: {lost}"));
        var isGood = results.TrueForAll(result => result.IsGood) && results.Count > 0;
        return (duplicates + leaks + lost, isGood) switch
        {
            (> 0, _) => 1,
            (0, true) => 0,
            // A sabotage is noticed when it is counted; a case that went wrong in another way has shown nothing.
            _ => options.Sabotage is null ? 1 : 2,
        };
    }

    /// <summary>A drill that is broken off leaves nothing running either.</summary>
    private static void Abandon(Site site)
    {
        try
        {
            site.Dispose();
        }
        finally
        {
            Environment.Exit(130);
        }
    }

    private async Task<CaseResult> RunCaseAsync(Site site, Witness witness, DrillCase drill, string name)
    {
        var began = TimeProvider.System.GetTimestamp();
        var dice = options.DiceFor(name);
        var plan = drill.Plan(dice, name, dice.Next(1, 1_000_000));
        var failPointLog = Path.Combine(site.Work, name + ".hit");
        if (options.IsOverSsh)
        {
            plan = plan with { Extra = "providers: [ssh]" };
        }

        Dictionary<string, string> every = new() { ["ORCHESTRATOR_TUNING"] = options.IsOverSsh ? Tuning + TuningOverSsh : Tuning };
        if (options.Sabotage is { } sabotage)
        {
            every["ORCHESTRATOR_SABOTAGE"] = sabotage;
        }

        var result = new CaseResult { Case = name, Seed = options.Seed, Fault = "" };
        using var run = new DrillRun(products, site, plan, dice, every, failPointLog);
        try
        {
            await run.StartServerAsync(new Dictionary<string, string>(drill.Environment) { ["ORCHESTRATOR_FAILPOINT_LOG"] = failPointLog });
            await run.SubmitAsync();
            await drill.Do(run);
            await Wait.UntilAsync(run.HasEndedAsync, "the job's end", JobLimit, TimeSpan.FromMilliseconds(200));
            result = await ReadAsync(run, result);
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException or HttpRequestException or IOException or OperationCanceledException)
        {
            result = result with { Wrong = [failed.Message, await LastWordsAsync(run)] };
        }

        if (run.Job > 0)
        {
            result = await Judge.JudgeAsync(run, drill, witness, result);
            if (options.Keep && !result.IsGood)
            {
                await Console.Out.WriteLineAsync(result.ToLine());
                await Console.Out.WriteLineAsync("kept: " + site.Data);
                Environment.Exit(1);
            }

            await EndAsync(run);
        }

        return result with { Seconds = Math.Round(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 1) };
    }

    private static async Task<CaseResult> ReadAsync(DrillRun run, CaseResult result)
    {
        var job = await run.Server.Api.JobAsync(run.Job);
        var state = job["state"]!.GetValue<string>();
        return result with
        {
            Job = state,
            Attempts = job["attempts"]!.AsArray().Count,
            Wrong = state == "succeeded" ? null : [$"the job is {state}: {job["reason"]}", await LastWordsAsync(run)],
        };
    }

    /// <summary>A case that went wrong must not spoil the next one: what it left is ended with it.</summary>
    private static async Task EndAsync(DrillRun run)
    {
        foreach (var instance in Directory.Exists(run.Site.Instances) ? Directory.GetDirectories(run.Site.Instances) : [])
        {
            await run.Site.KillInstanceAsync(Path.GetFileName(instance));
        }
    }

    private static async Task<string> LastWordsAsync(DrillRun run)
    {
        var server = run.Server?.Tail() ?? "";
        try
        {
            return run.Job == 0 ? server : $"{await run.Server!.Api.GetAsync($"jobs/{run.Job}/events")}\n{await run.Server.Api.LogAsync(run.Job)}\n{server}";
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return server;
        }
    }
}
