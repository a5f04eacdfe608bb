using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.RunPod;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Emulators;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>Why a pod does not come up: only the log of its host tells, a stream that never ends.</summary>
public sealed class RunPodReasonTests : IDisposable
{
    /// <summary>Ends with the first piece, which the emulator gives whole: no time is waited, and none can run out beside busy tests.</summary>
    private static readonly Excerpt _glance = new(TimeSpan.FromMinutes(1), 1);

    private readonly RunPodDesk _desk;
    private readonly RunPodEmulator _runPod;

    public RunPodReasonTests()
    {
        RunPodEmulator? runPod = null;
        _desk = new RunPodDesk(new InProcessHandler(new LateApi(() => runPod!)), new RunPodOptions { Log = _glance });
        _runPod = runPod = new RunPodEmulator(_desk.Time, new NoBackend()) { Key = RunPodDesk.ApiKey };
        _runPod.Add(new RunPodCardEntry());
        _runPod.Add(new RunPodHost { Id = 1 });
    }

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(RunPodFault.StuckPulling, "still pulling: \"Pulling from ubuntu:24.04\"")]
    [InlineData(RunPodFault.DriverTooOld, "the host's driver is too old for the image: \"error starting container")]
    public async Task A_pod_that_is_late_has_its_reason(RunPodFault fault, string reason)
    {
        await CreateAsync(fault);
        Assert.DoesNotContain("its host says", (await ListedAsync()).Words, StringComparison.Ordinal);
        _desk.Time.Advance(TimeSpan.FromMinutes(4));

        var listed = await ListedAsync();

        Assert.Equal(InstanceStatus.Booting, listed.Status);
        Assert.Contains("without a port yet: the image is pulled, or it does not start; its host says: " + reason, listed.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_told_with_the_first_list_that_shows_it()
    {
        await CreateAsync(RunPodFault.PullFails);
        await ListedAsync();
        _desk.Time.Advance(TimeSpan.FromMinutes(2));

        var listed = await ListedAsync();

        Assert.Equal((InstanceStatus.Stopped, true), (listed.Status, listed.Words.EndsWith("its host says: \"error pulling image: manifest unknown\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pod_with_a_port_that_nobody_gets_in_by_crashes()
    {
        var id = await CreateAsync(RunPodFault.CrashLoop);
        _desk.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(InstanceStatus.Running, (await ListedAsync()).Status);
        for (var dial = 0; dial < 4; dial++)
        {
            await _desk.Provider.GetEndpointAsync(id, default);
            _desk.Time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Contains("its host says: a crash loop, its container was started 10 times", (await ListedAsync()).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_where_nothing_listens_has_that_told()
    {
        var id = await CreateAsync(RunPodFault.NoSsh);
        _desk.Time.Advance(TimeSpan.FromMinutes(2));
        await ListedAsync();
        for (var dial = 0; dial < 4; dial++)
        {
            await _desk.Provider.GetEndpointAsync(id, default);
            _desk.Time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.EndsWith("its host says: its container was started, and nothing answers there: \"start container\"", (await ListedAsync()).Words, StringComparison.Ordinal);
    }

    /// <summary>Most pods come up: nobody asks for their logs, however often they are listed and dialled later on.</summary>
    [Fact]
    public async Task What_works_is_not_asked()
    {
        var id = await CreateAsync(null);
        for (var look = 0; look < 60; look++)
        {
            await ListedAsync();
            _desk.Time.Advance(TimeSpan.FromSeconds(30));
            if (look is 3 or > 20)
            {
                await _desk.Provider.GetEndpointAsync(id, default);
            }
        }

        Assert.DoesNotContain(_runPod.Asked, asked => asked.EndsWith("/logs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_late_is_asked_once_a_minute_and_a_log_that_fails_hides_no_pod()
    {
        var id = await CreateAsync(RunPodFault.StuckPulling);
        await ListedAsync();
        _desk.Time.Advance(TimeSpan.FromMinutes(4));
        _runPod.FailNext("GET", $"v2/pods/{id}/logs", RunPodFault.BadGateway);
        Assert.DoesNotContain("its host says", (await ListedAsync()).Words, StringComparison.Ordinal);
        for (var look = 0; look < 12; look++)
        {
            _desk.Time.Advance(TimeSpan.FromSeconds(10));
            await ListedAsync();
        }

        Assert.Equal(3, _runPod.Asked.Count(asked => asked.EndsWith("/logs", StringComparison.Ordinal)));
        Assert.Contains("still pulling", (await ListedAsync()).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(": a comment\n\nid: 1\ndata: no JSON\n\n", null)]
    [InlineData("data: {\"source\":\"container\",\"line\":\"error: of the trainer\"}\n", null)]
    [InlineData("data: {\"source\":\"system\",\"line\":\"create container x\"}\r\n\r\ndata: {\"line\":\"layer 3 of 7\\u001b[31m\"}\r\n", "still pulling: \"layer 3 of 7 [31m\"")]
    [InlineData("data: {\"line\":\"start container\"}\ndata: {\"line\":\"Start container again\"}\ndata: {\"line\":\"start container\"}\n", "a crash loop, its container was started 3 times")]
    [InlineData("data: {\"line\":\"failed to register layer: no space left on device\"}\n", "\"failed to register layer: no space left on device\"")]
    public void Lines_of_prose_are_read_tolerantly(string events, string? reason) => Assert.Equal(reason, RunPodNarration.Reason(RunPodNarration.LinesOf(events)));

    private async Task<string> CreateAsync(RunPodFault? fault)
    {
        if (fault is { } one)
        {
            _runPod.FailNext("POST", "v2/pods", one);
        }

        var offer = (await _desk.Provider.ListOffersAsync(default)).OrderBy(offer => offer.Id, StringComparer.Ordinal).First();
        return await _desk.Provider.CreateAsync(new LaunchRequest { Label = "orc-e1-7-1", JobName = "test", Offer = OfferTaken.Of(offer, null) with { DiskBytes = 40_000_000_000 } }, default);
    }

    private async Task<ListedInstance> ListedAsync() => Assert.Single(await _desk.Provider.ListInstancesAsync(default));
}
