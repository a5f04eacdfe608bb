using System.Globalization;
using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills.Weekend;

/// <summary>
/// A batch of jobs over emulated clouds, through the real server, a real PostgreSQL and a real S3 store, on real containers, while hosts are
/// lost and calls go wrong. What is left over is counted at the clouds and at Docker; bills come from the clouds alone.
/// </summary>
public sealed class WeekendDrill(Products products, WeekendOptions options, TextWriter output)
{
    /// <summary>A lease of a minute, the last words of the host, and a loaded machine.</summary>
    private static readonly TimeSpan _leaseLimit = TimeSpan.FromMinutes(5);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var plan = WeekendPlan.Of(options);
        await using var world = await WeekendWorld.StartAsync(products, options, instances: 4);
        await output.WriteLineAsync($"# the clouds, while it lasts: {world.Clouds.Page}");
        var batch = new WeekendBatch(world, plan, options);
        var results = await batch.RunAsync(async result =>
        {
            await output.WriteLineAsync(result.ToLine());
            await output.FlushAsync();
        });
        var leaks = await world.LeftAsync(TimeSpan.FromMinutes(options.Sabotage is null ? 5 : 1)) + world.Duplicates();
        leaks += await VanishAsync(world);
        return await ConcludeAsync(results, leaks, batch.Trouble);
    }

    /// <summary>The server is killed for good in mid-run: what it has rented must end itself.</summary>
    /// <returns>How many did not.</returns>
    private async Task<int> VanishAsync(WeekendWorld world)
    {
        if (await world.CountAsync() > 0)
        {
            // What leaked already would be counted twice.
            return 0;
        }

        List<long> left = [];
        foreach (var job in WeekendPlan.LeftAlone(options))
        {
            var spec = Path.Combine(world.Site.Work, job.Name + ".yaml");
            await File.WriteAllTextAsync(spec, job.Spec(options.Image, options.Clouds));
            left.Add(await world.Server.Api.SubmitAsync(spec));
        }

        foreach (var id in left)
        {
            await Wait.UntilAsync(() => world.HasSavedAsync(id), "a checkpoint of a job that is left alone", WeekendWorld.Patience, TimeSpan.FromSeconds(1));
        }

        await world.Server.KillAsync();
        try
        {
            await Wait.UntilAsync(async () => await world.CountAsync() == 0, "the hosts to end themselves", options.Sabotage == "no-lease" ? TimeSpan.FromMinutes(2.5) : _leaseLimit, TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            await output.WriteLineAsync("# the server is gone for good, and hosts go on");
        }

        return await world.CountAsync();
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
