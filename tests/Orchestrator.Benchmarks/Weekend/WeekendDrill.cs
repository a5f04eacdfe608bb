using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Drills.Weekend;

/// <summary>
/// A batch of jobs over emulated clouds, through the real server, a real PostgreSQL and a real S3 store, on real containers, while hosts are
/// lost and calls go wrong. What is left over is counted at the clouds and at Docker; bills come from the clouds alone.
/// </summary>
public sealed class WeekendDrill(Products products, WeekendOptions options, TextWriter output)
{
    /// <summary>Ten times what it takes on a machine that has nothing else to do.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(25);

    /// <summary>A lease of a minute, the last words of the host, and a loaded machine.</summary>
    private static readonly TimeSpan _leaseLimit = TimeSpan.FromMinutes(5);

    /// <summary>Offers to begin with.</summary>
    private const int Enough = 20;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var plan = WeekendPlan.Of(options);
        using var site = new Site("weekend");
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Abandon(site));
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Abandon(site));
        await using var clouds = await EmulatedClouds.StartAsync(options.Seed, new MarketOptions { Cards = ["RTX 4090"], Hosts = 60 }, options.MachineImage, dearer: WeekendPlan.Dearer, dearerBytes: WeekendPlan.DearerBytes);
        await output.WriteLineAsync($"# the clouds, while it lasts: {clouds.Page}");
        var facts = (await File.ReadAllLinesAsync(options.Store)).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        // Hosts and server reach it by one address; what a host moves there is on its bill.
        await using var store = clouds.RelayTo(new Uri(facts["S3_ENDPOINT"]));
        await ConfigureAsync(site, clouds, facts, store.Port);
        using var server = await ServerProcess.Start(products, site, Environment()).UntilHealthyAsync();
        await Wait.UntilAsync(() => AreOfferedAsync(server), "offers of the emulated clouds", _patience, TimeSpan.FromSeconds(1));

        var batch = new WeekendBatch(server, clouds, site, plan, options, _patience);
        var results = await batch.RunAsync(async result =>
        {
            await output.WriteLineAsync(result.ToLine());
            await output.FlushAsync();
        });
        var leaks = await LeftAsync(clouds) + batch.Duplicates(clouds);
        leaks += await VanishAsync(server, clouds, site);
        return await ConcludeAsync(results, leaks, batch.Trouble);
    }

    private async Task<bool> AreOfferedAsync(ServerProcess server)
    {
        var seen = (await server.Api.GetAsync("offers")).AsArray().Select(offer => offer!["provider"]!.GetValue<string>()).ToList();
        return options.Clouds.All(seen.Contains) && (!options.Clouds.Contains("vast") || seen.Count(provider => provider == "vast") >= Enough);
    }

    /// <summary>Ends what a drill leaves that is broken off; the containers go with the daemon of the script.</summary>
    private static void Abandon(Site site)
    {
        try
        {
            site.Dispose();
        }
        finally
        {
            System.Environment.Exit(130);
        }
    }

    private Dictionary<string, string> Environment()
    {
        Dictionary<string, string> environment = new() { ["ORCHESTRATOR_TUNING"] = WeekendTuning.Text };
        if (options.Sabotage is { } sabotage)
        {
            environment["ORCHESTRATOR_SABOTAGE"] = sabotage;
        }

        return environment;
    }

    private async Task ConfigureAsync(Site site, EmulatedClouds clouds, Dictionary<string, string> facts, int storePort)
    {
        var keys = await SecretAsync("bucket-keys", $"[default]\naws_access_key_id = {facts["S3_ACCESS_KEY"]}\naws_secret_access_key = {facts["S3_SECRET_KEY"]}\n");
        await File.AppendAllTextAsync(
            Path.Combine(site.Data, "orchestrator.yaml"),
            $$"""
            limits: {max-instances: 4}
            stores:
              lab: {bucket: {{facts["S3_BUCKET"]}}, endpoint: {{new Uri(facts["S3_ENDPOINT"]).Scheme}}://127.0.0.1:{{storePort}}, profile: ceph, credentials: {file: {{keys}}}, default: true}
            {{clouds.Accounts(options.Clouds, await SecretAsync("cloud-key", EmulatedClouds.Key + "\n"))}}
            """);

        async Task<string> SecretAsync(string name, string text)
        {
            var file = Path.Combine(site.Work, name);
            await File.WriteAllTextAsync(file, text);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return file;
        }
    }

    /// <summary>Waits for what is under way, and counts what stays.</summary>
    private async Task<int> LeftAsync(EmulatedClouds clouds)
    {
        try
        {
            await Wait.UntilAsync(async () => await CountAsync(clouds) == 0, "the end of all that was rented", TimeSpan.FromMinutes(options.Sabotage is null ? 5 : 1), TimeSpan.FromSeconds(1));
            return 0;
        }
        catch (TimeoutException)
        {
            return await CountAsync(clouds);
        }
    }

    private static async Task<int> CountAsync(EmulatedClouds clouds) =>
        Math.Max(clouds.All.Sum(cloud => cloud.Bills().Count(bill => !bill.IsGone)), (await clouds.ContainersAsync()).Count);

    /// <summary>The server is killed for good in mid-run: what it has rented must end itself.</summary>
    /// <returns>How many did not.</returns>
    private async Task<int> VanishAsync(ServerProcess server, EmulatedClouds clouds, Site site)
    {
        if (await CountAsync(clouds) > 0)
        {
            // What leaked already would be counted twice.
            return 0;
        }

        List<long> left = [];
        foreach (var job in WeekendPlan.LeftAlone(options))
        {
            var spec = Path.Combine(site.Work, job.Name + ".yaml");
            await File.WriteAllTextAsync(spec, job.Spec(options.Image, options.Clouds));
            left.Add(await server.Api.SubmitAsync(spec));
        }

        foreach (var id in left)
        {
            await Wait.UntilAsync(async () => (await server.Api.GetAsync($"jobs/{id}/checkpoints")).AsArray().Any(one => one!["state"]!.GetValue<string>() == "committed"), "a checkpoint of a job that is left alone", _patience, TimeSpan.FromSeconds(1));
        }

        await server.KillAsync();
        try
        {
            await Wait.UntilAsync(async () => await CountAsync(clouds) == 0, "the hosts to end themselves", options.Sabotage == "no-lease" ? TimeSpan.FromMinutes(2.5) : _leaseLimit, TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            await output.WriteLineAsync("# the server is gone for good, and hosts go on");
        }

        return await CountAsync(clouds);
    }

    private async Task<int> ConcludeAsync(IReadOnlyList<WeekendResult> results, int leaks, (int Met, int Planned) trouble)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"# of {trouble.Planned} calls that were to go wrong {trouble.Met} were made"));
        foreach (var line in WeekendTable.Lines(results))
        {
            await output.WriteLineAsync(line);
        }

        var asked = results.Count(result => result.IsGood);
        var interruptions = results.Sum(result => result.Interruptions);
        // Each that is more than rounding apart is in its job's line as well.
        var apart = results.Sum(result => result.Apart);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"jobs: {results.Count}, ended as asked: {asked}, interruptions: {interruptions}, ledger minus bill: ${apart:0.00}, leaks: {leaks}"));
        // What was planned and never happened proves nothing.
        return asked == results.Count && leaks == 0 && apart < 0.001m && (interruptions >= 3 || results.Count < 3) && trouble.Met * 2 >= trouble.Planned ? 0 : 1;
    }
}
