using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills.Weekend;

/// <summary>
/// <c>weekend --batch</c>: a sweep of forty and five single jobs over emulated clouds, with hosts that are lost, calls and clouds that fail, a
/// budget that runs out, a person who pauses, resumes and retries, and a server that is killed meanwhile.
/// </summary>
internal sealed class BatchWeekendDrill(Products products, WeekendOptions options, TextWriter output)
{
    private const int MostInstances = 6;

    /// <summary>For the last messages.</summary>
    private static readonly TimeSpan _untilTold = TimeSpan.FromMinutes(2);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        await using var trap = await MessageTrap.StartAsync();
        await using var world = await WeekendWorld.StartAsync(products, options, MostInstances, trap.Channel);
        await output.WriteLineAsync($"# the clouds, while it lasts: {world.Clouds.Page}");
        var since = DateTimeOffset.UtcNow;
        var weekend = new BatchWeekend(world, WeekendPlan.Of(options), options);
        List<string> late = [];
        try
        {
            await weekend.RunAsync();
        }
        catch (TimeoutException over)
        {
            // Each job's own line says what is wrong with it.
            late.Add($"{over.Message}\n{world.Server.Tail()}");
        }

        var leaks = await world.LeftAsync(TimeSpan.FromMinutes(5)) + world.Duplicates();
        var books = await new WeekendBooks(world).ReadAsync(weekend.Jobs.Select(BatchWeekend.Id));
        var judge = await UntilToldAsync(weekend, books, trap);
        var (asked, interruptions, trainings) = await TellAsync(world, weekend, judge);
        var report = await WeekendReport.ReadAsync(products, world, since);
        WeekendCheck[] checks = [.. judge.Checks(), new WeekendReportJudge(report, weekend, books).Check(trainings), new("in time", late)];
        foreach (var check in checks)
        {
            await output.WriteLineAsync(check.ToLine());
        }

        await output.WriteLineAsync($"# {books.Count} instances, {books.Count(one => one.Owners > 1)} of them passed on, {books.Sum(one => one.Owners - 1)} times");
        await output.WriteLineAsync(report.Text);
        var apart = books.Sum(one => one.Apart);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"jobs: {weekend.Jobs.Count}, ended as asked: {asked}, interruptions: {interruptions}, ledger minus bill: ${apart:0.00}, leaks: {leaks}"));
        return asked == weekend.Jobs.Count && checks.All(check => check.IsGood) && leaks == 0 && apart < 0.001m ? 0 : 1;
    }

    /// <summary>The last messages come after the last jobs.</summary>
    private static async Task<BatchWeekendJudge> UntilToldAsync(BatchWeekend weekend, IReadOnlyList<InstanceBooks> books, MessageTrap trap)
    {
        try
        {
            await Wait.UntilAsync(() => Judge().Checks().All(check => check.Check != "messages" || check.IsGood), "the last messages", _untilTold, TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            // The check says which.
        }

        return Judge();

        BatchWeekendJudge Judge() => new(weekend, books, trap.Told);
    }

    /// <returns>Jobs that ended as asked, attempts that were interrupted, and trainings that were cut off by that.</returns>
    private async Task<(int Asked, int Interruptions, int Trainings)> TellAsync(WeekendWorld world, BatchWeekend weekend, BatchWeekendJudge judge)
    {
        var (asked, interruptions, trainings) = (0, 0, 0);
        foreach (var job in weekend.Jobs)
        {
            var details = await world.Server.Api.JobAsync(BatchWeekend.Id(job));
            List<string> wrong = [.. judge.Of(job)];
            var result = new WeekendResult
            {
                Job = job["name"]!.GetValue<string>(), Policy = BatchWeekend.Cell(job), State = BatchWeekend.State(job), Attempts = details["attempts"]!.AsArray().Count,
                Interruptions = details["interruptions"]!.GetValue<int>(), Befell = weekend.Befell.GetValueOrDefault(BatchWeekend.Id(job)), Ledger = job["cost"]!.GetValue<decimal>(), Wrong = wrong.Count > 0 ? wrong : null,
            };
            await output.WriteLineAsync(result.ToLine());
            asked += result.IsGood ? 1 : 0;
            interruptions += result.Interruptions;
            trainings += details["attempts"]!.AsArray().Count(attempt => attempt!["interruption"]!.GetValue<bool>() && attempt["trainingFrom"] is not null);
        }

        return (asked, interruptions, trainings);
    }
}
