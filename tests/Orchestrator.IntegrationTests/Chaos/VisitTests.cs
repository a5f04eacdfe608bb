using System.Globalization;
using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>Going where a job runs on this machine.</summary>
public sealed class VisitTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_person_enters_a_job_on_this_machine_and_is_told_when_there_is_nothing_to_enter()
    {
        var plan = new TrainerPlan { Name = "visited", Seed = 97, IsHeld = true };
        var job = await _server.SubmitAsync(plan);
        await _server.ProcessAsync(job, "trainer");

        await Visit.CheckAsync(_server, job);
        Assert.Contains("127.0.0.1:6006", (await _server.Orc("forward", "visited", "6006")).Output, StringComparison.Ordinal);

        plan.Release(_server.Site);
        await _server.SucceedsAsync(plan, job);
        var over = await _server.Orc("exec", job.ToString(CultureInfo.InvariantCulture), "--", "true");
        Assert.Equal(4, over.ExitCode);
        Assert.Contains("runs nowhere now", over.Errors, StringComparison.Ordinal);
    }
}
