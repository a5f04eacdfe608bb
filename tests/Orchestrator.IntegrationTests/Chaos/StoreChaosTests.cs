using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A store that is full, and one that refuses.</summary>
[Collection(ChaosCollection.Name)]
public sealed class StoreChaosTests : IAsyncLifetime
{
    private readonly TestServer _own = new();
    private readonly Site _site = new("store");
    private bool _isMounted;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_site.Store);
        _isMounted = FactWithMountsAttribute.Run("mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", _site.Store);
        if (_isMounted)
        {
            await _own.StartAsync(_site);
        }
    }

    [FactWithMounts]
    public async Task A_store_without_space_is_said_and_nothing_is_lost_once_there_is_some()
    {
        var filler = Path.Combine(_site.Store, "filler");
        await InterruptStoreAsync(
            "full",
            () =>
            {
                using var file = File.Create(filler);
                var block = new byte[64 << 10];
                try
                {
                    while (true)
                    {
                        file.Write(block);
                        file.Flush();
                    }
                }
                catch (IOException)
                {
                    // Full: that was the purpose.
                }
            },
            () => File.Delete(filler),
            "no space left");
    }

    [FactWithMounts]
    public async Task A_store_that_refuses_for_a_while_is_said_and_nothing_is_lost_afterwards() => await InterruptStoreAsync(
        "refused",
        () => Assert.True(FactWithMountsAttribute.Run("mount", "-o", "remount,ro", _site.Store)),
        () => Assert.True(FactWithMountsAttribute.Run("mount", "-o", "remount,rw", _site.Store)),
        "the store refuses");

    public async Task DisposeAsync()
    {
        _site.EndAll();
        if (_isMounted)
        {
            FactWithMountsAttribute.Run("umount", "-l", _site.Store);
        }

        await _own.DisposeAsync();
        if (!_isMounted)
        {
            _site.Dispose();
        }
    }

    private async Task InterruptStoreAsync(string name, Action begin, Action end, string word)
    {
        var plan = new TrainerPlan { Name = "store-" + name, Seed = 81, Steps = 160, Every = 8, IsHeld = true };
        var job = await _own.SubmitAsync(plan);
        await Wait.UntilAsync(() => StoreLook.Manifests(_site, plan.Name, job).Count >= 1, "a checkpoint", TestServer.Patience);
        begin();
        // The last quarter brings more checkpoints, however late it got by now.
        plan.Release(_site);
        try
        {
            await Wait.UntilAsync(async () => (await WordsAsync(job)).Contains(word, StringComparison.OrdinalIgnoreCase), $"\"{word}\" in what a person sees", TestServer.Patience, TimeSpan.FromMilliseconds(500));
        }
        finally
        {
            end();
        }

        var ended = await _own.SucceedsAsync(plan, job);
        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(_site), line => line.Kind == "start");
    }

    private async Task<string> WordsAsync(long job) => (await _own.Api.GetAsync($"jobs/{job}/events")).ToJsonString() + (await _own.Api.GetAsync("alerts")).ToJsonString();
}
