using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Reconciling;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class OutputSourcesTests : IDisposable
{
    private readonly TemporaryStore _home = new();
    private readonly TemporaryStore _away = new();
    private readonly OutputSources _sources;

    public OutputSourcesTests() => _sources = new(new StoreSet(
        "folder", [new(StoreSet.BuiltIn, _home.Store, "", "folder"), new("away", _away.Store, "team/", "another")], _ => throw new InvalidOperationException("no bucket")));

    public void Dispose()
    {
        _home.Dispose();
        _away.Dispose();
    }

    [Fact]
    public async Task A_single_output_of_the_newest_attempt_that_has_any_is_put_where_the_data_belongs()
    {
        await _home.PutAsync(Outputs(1) + "0-out/old", "x");
        await _home.PutAsync(Outputs(2) + "0-out/model/weights", "weights");
        await _home.PutAsync(Outputs(2) + "0-out/log", "l");

        var source = Assert.Single(await ListAsync("job://digits/outputs", Spec("[{from: /out}]")));

        Assert.Equal(["log", "model/weights"], source.Source.Files.Select(file => file.Path));
        Assert.Equal(("/data", "from/3/", "folder/" + Outputs(2) + "0-out/"), (source.Source.To, source.Below, source.Origin));
        Assert.Equal(("from/3/model/weights", 7L), (source.Source.Files[1].Key, source.Source.Files[1].Size));
        Assert.Equal(["weights"], Assert.Single(await ListAsync("job://digits/outputs/model", Spec("[{from: /out}]"))).Source.Files.Select(file => file.Path));
        Assert.Equal([""], Assert.Single(await ListAsync("job://digits/outputs/log", Spec("[{from: /out}]"))).Source.Files.Select(file => file.Path));
        Assert.Equal(["log"], Assert.Single(await ListAsync("job://digits/outputs", Spec("[{from: /out}]"), exclude: "model")).Source.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task Several_keep_their_folders_and_are_read_where_each_was_delivered()
    {
        await _home.PutAsync(Outputs(2) + "0-out/a", "a");
        await _away.PutAsync("team/runs/b", "b");

        var both = await ListAsync("job://digits/outputs", Spec("[{from: /out}, {from: /logs, to: away/runs/}]", new() { [1] = "away/runs/" }));

        Assert.Equal([("0-out/a", "folder/" + Outputs(2) + "0-out/"), ("1-logs/b", "away/runs/")], both.Select(one => (one.Source.Files[0].Path, one.Origin)));
        Assert.Equal(["from/3/a", "from/4/b"], both.Select(one => one.Source.Files[0].Key));
    }

    [Fact]
    public async Task What_is_not_there_yet_or_was_never_delivered_is_said()
    {
        Assert.Contains("has not ended (active)", Assert.Single(Assert.Single(await ListAsync("job://digits/outputs", Spec("[{from: /out}]"), JobPhase.Active)).Problems), StringComparison.Ordinal);
        Assert.Contains("delivered nothing of that name", Assert.Single(Assert.Single(await ListAsync("job://digits/outputs", Spec("[{from: /out}]"))).Problems), StringComparison.Ordinal);
    }

    private static string Outputs(int attempt) => ObjectKeys.Outputs(ObjectKeys.Attempt(TemporaryStore.Job, attempt));

    private static StoredSpec Spec(string outputs, Dictionary<int, string>? deliveries = null) =>
        new() { Spec = SpecCase.Spec(SpecCase.With($"outputs: {outputs}\n")), Store = "folder", Deliveries = (deliveries ?? []).ToImmutableSortedDictionary() };

    private async Task<ImmutableArray<ListedSource>> ListAsync(string from, StoredSpec spec, JobPhase phase = JobPhase.Succeeded, string? exclude = null)
    {
        var attempts = Enumerable.Range(1, 3).Select(number => new Attempt
        {
            Number = number, Phase = AttemptPhase.Ended, PhaseSince = Scene.Start, PlannedAt = Scene.Start, Label = "orc", Epoch = "e1", Offer = OfferTaken.Of(Scene.Offer("o1", null, 1m), null),
        });
        var job = new JobState { Id = new JobId(7), Name = "digits", Epoch = "e1", Phase = phase, Attempts = [.. attempts] };
        return await _sources.ListAsync(new DataMount { Kind = DataSourceKind.Job, From = from, To = "/data", Exclude = exclude is null ? [] : [exclude] }, job, spec, 3, default);
    }
}
