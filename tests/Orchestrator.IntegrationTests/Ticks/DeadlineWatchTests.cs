using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class DeadlineWatchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly HandClock _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orc-deadline-");

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task A_deadline_at_risk_is_told_until_it_is_not_or_the_job_ends()
    {
        var alerts = new AlertStore(_database.Source);
        var account = new FakeAccount { Offers = [Card("RTX 3090")] };
        using var offers = new OfferBook(new ProviderSet([account]), _time, NullLogger<OfferBook>.Instance);
        var options = new EngineOptions { ServerId = "s", Connection = "" };
        var plans = new JobPlans(offers, new WorkStore(_database.Source), new MarketMemoryStore(_database.Source, _time), new HostBanStore(_database.Source), new EgressPrices(Folder()), options);
        var watch = new DeadlineWatch(new DeadlineJobs(_database.Source), _database.Jobs, plans, alerts, _time, options, NullLogger<DeadlineWatch>.Instance);
        await SubmitAsync("in-time", TimeSpan.FromHours(100));
        await _database.SubmitAsync("without-a-deadline");
        var late = await SubmitAsync("late", TimeSpan.FromHours(8));

        await LookAsync(watch);
        await LookAsync(watch);
        var told = Assert.Single(await alerts.ListAsync(resolved: true, default));
        Assert.Equal(("deadline", late.ToString()), (told.Kind, told.Subject));
        Assert.Contains($"late{late} will probably miss its deadline", told.Text, StringComparison.Ordinal);

        account.Offers = [Card("RTX 3090"), Card("RTX 5090")];
        await LookAsync(watch);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));

        account.Offers = [Card("RTX 3090")];
        await LookAsync(watch);
        Assert.Single(await alerts.ListAsync(resolved: false, default));
        await _database.EndAsync(late);
        await LookAsync(watch);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    private StoreSet Folder()
    {
        var store = new FolderStore(_folder.FullName, new byte[32], () => new Uri("http://localhost/store"), _time);
        return new StoreSet(StoreSet.BuiltIn, [new NamedStore(StoreSet.BuiltIn, store, "", "a folder")], bucket => throw new InvalidOperationException($"nobody asks for {bucket}"));
    }

    private Task LookAsync(DeadlineWatch watch)
    {
        _time.Now += TimeSpan.FromMinutes(2);
        return watch.LookAsync(default);
    }

    private async Task<JobId> SubmitAsync(string name, TimeSpan until)
    {
        var deadline = DateTimeOffset.UtcNow + until;
        var spec = new JobSpec
        {
            Name = name,
            Estimate = new Estimate { Time = TimeSpan.FromHours(10), Model = "RTX 3090" },
            Deadline = new DeadlineSpec { At = deadline, Zone = "UTC" },
            Resources = new ResourceRequest { Gpu = [new GpuRequirement { Memory = new SizeRange(ByteSize.FromGigabytes(24), null), Count = new CountRange(1, null) }] },
        };
        return await _database.Jobs.SubmitAsync(
            new NewJob
            {
                Name = name,
                Owner = "ada",
                SpecYaml = $"name: {name}\n",
                SpecJson = new StoredSpec { Spec = spec }.ToJson(),
                Terms = new JobTerms { Deadline = deadline, MaxTotal = Money.FromDollars(100) },
                Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
                Epoch = StoreDatabase.Epoch,
            },
            default);
    }

    private static Offer Card(string gpu) => new()
    {
        Provider = "fake",
        Id = gpu,
        Host = "fake/" + gpu.Split(' ')[^1],
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Container,
        Tier = OfferTier.Marketplace,
        PricePerHour = Money.FromDollars(1),
        Gpu = gpu,
        GpuCount = 1,
        GpuMemoryGB = 32,
        Cpus = 16,
        MemoryBytes = 64_000_000_000,
        DiskBytes = 500_000_000_000,
        Score = 0.99,
        Verified = true,
        DownMbps = 900,
        UpMbps = 700,
    };
}
