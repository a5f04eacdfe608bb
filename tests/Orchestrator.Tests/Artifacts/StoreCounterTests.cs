using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class StoreCounterTests : IDisposable
{
    private readonly TemporaryStore _store = new();
    private readonly StoreCounter _counter = new(new HashSet<string> { "e1", "e0" }, new FakeTimeProvider());

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Jobs_are_counted_one_by_one_and_sources_beside_them()
    {
        await _store.PutAsync("jobs/lora-7/e1/a0001/checkpoints/000001/manifest.json", "123");
        await _store.PutAsync("jobs/lora-7/e0/a0001/outputs/x", "1");
        await _store.PutAsync("jobs/digits-8/e1/a0001/outputs/x", "12");
        await _store.PutAsync("jobs/of-others-7/e9/a0001/outputs/x", "1234567");
        await _store.PutAsync("jobs/a-file", "1234567");
        await _store.PutAsync("sources/abc", "12345");
        await _store.PutAsync("holiday.jpg", "1234567");

        var found = await _counter.CountAsync(_store.Store, default);

        Assert.Equal(["digits-8", "lora-7"], found.Jobs.Keys);
        Assert.Equal(new ObjectCount(2, 4), found.Jobs["lora-7"]);
        Assert.Equal(new ObjectCount(1, 2), found.Jobs["digits-8"]);
        Assert.Equal(new ObjectCount(1, 5), found.Sources);
        Assert.False(found.IsCut);
    }

    [Fact]
    public async Task A_store_with_too_many_objects_is_cut_and_says_so()
    {
        await _store.PutAsync("jobs/lora-7/e1/a", "1");
        await _store.PutAsync("jobs/lora-7/e1/b", "1");
        await _store.PutAsync("jobs/lora-7/e1/c", "1");
        var counter = new StoreCounter(new HashSet<string> { "e1" }, new FakeTimeProvider()) { Most = 2 };

        var found = await counter.CountAsync(_store.Store, default);

        Assert.Equal(2, found.Jobs["lora-7"].Objects);
        Assert.True(found.IsCut);
    }
}
