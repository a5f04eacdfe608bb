using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>Two servers on one database, and a store whose every byte is paid.</summary>
[Collection(CephCollection.Name)]
public sealed class S3TwoServersTests : S3JobTest
{
    /// <summary>Longer than the beat in which whatever is still owed is looked at, so that both owe what one reads.</summary>
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, int> _reads = new(StringComparer.Ordinal);

    public S3TwoServersTests(CephServer server)
        : base(server) =>
        // A server that has stood still for that long on a busy machine is not dead.
        Own.Environment["ORCHESTRATOR_TUNING"] = TestServer.Tuning.Replace("channel-lease=4", "channel-lease=90", StringComparison.Ordinal).Replace("lease=15,", "lease=60,", StringComparison.Ordinal);

    [CephFact]
    public async Task Each_checkpoint_is_read_once_by_two_servers()
    {
        await Own.RestartAsync(beside: true);
        Proxy.Delay = SlowlyAsync;
        var plan = new TrainerPlan { Name = "read-once", Seed = 102, Steps = 40, Every = 10, IsHeld = true };
        var job = await SubmitAsync(plan, "");
        await UntilManifestAsync(plan, job);
        plan.Release(Site);

        await SucceedsUndisturbedAsync(plan, job);

        Assert.NotEmpty(_reads);
        Assert.All(_reads, read => Assert.Equal(1, read.Value));
    }

    private async Task SlowlyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Method == "GET" && request.Path.Value!.Contains("/checkpoints/", StringComparison.Ordinal) && request.Path.Value.Contains("/files/", StringComparison.Ordinal))
        {
            _reads.AddOrUpdate(request.Path.Value, 1, (_, before) => before + 1);
            await Task.Delay(_slow, cancellation);
        }
    }
}
