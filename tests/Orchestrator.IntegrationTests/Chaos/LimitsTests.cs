using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>Limits over all jobs, on two servers.</summary>
[Collection(ChaosCollection.Name)]
public sealed class LimitsTests
{
    private const int Most = 3;

    [Fact]
    public async Task Of_eight_jobs_on_two_servers_never_more_train_at_once_than_the_limit_allows_and_all_end()
    {
        var own = new TestServer();
        var site = new Site("limits");
        await File.AppendAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), $"limits: {{max-instances: {Most}}}\n");
        await own.StartAsync(site);
        try
        {
            var first = own.Server;
            var second = await own.RestartAsync(beside: true);
            TrainerPlan[] plans = [.. Enumerable.Range(1, 8).Select(number => new TrainerPlan { Name = $"limited-{number}", Seed = 60 + number, Steps = 20 })];
            var jobs = await Task.WhenAll(plans.Select((plan, index) => (index % 2 == 0 ? first : second).Api.SubmitAsync(plan.Write(site, TestServer.Products))));

            foreach (var (plan, job) in plans.Zip(jobs))
            {
                await own.SucceedsAsync(plan, job);
            }

            // By what the trainers wrote down themselves: an instance lives longer than its trainer, so that no two of these overlap by chance.
            var training = plans.SelectMany(plan => Spans(plan.Ledger(site))).ToList();
            Assert.All(training, one => Assert.True(training.Count(other => other.From <= one.From && one.From < other.To) <= Most, $"more than {Most} trained at {one.From}"));
            Assert.Contains("of 3 instances", (await own.Orc("doctor")).Output, StringComparison.Ordinal);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    /// <summary>From each start of a trainer to its end, or to the last thing it said.</summary>
    private static IEnumerable<(double From, double To)> Spans(IReadOnlyList<LedgerLine> lines) => lines.GroupBy(line => line.Attempt).Select(attempt => (attempt.First().At, attempt.Last().At));
}
