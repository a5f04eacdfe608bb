using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>What every provider must do, whatever it rents. A subclass brings the provider and a way to break it.</summary>
public abstract class ProviderConformance : IAsyncLifetime
{
    protected abstract IProvider Provider { get; }

    /// <summary>Longest time a new instance needs to be listed as running.</summary>
    protected virtual TimeSpan BootLimit => TimeSpan.FromSeconds(30);

    /// <summary>Makes the next create rent and then lose its reply.</summary>
    protected abstract void LoseNextReply();

    protected abstract void RefuseNextCreate();

    protected abstract void FailNextList();

    /// <summary>Ends the instance behind the provider's back.</summary>
    protected abstract Task KillAsync(string instanceId);

    /// <summary>The same provider as a server has it that was just started: it remembers nothing.</summary>
    protected abstract IProvider StartAnew();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var instance in await Provider.ListInstancesAsync(CancellationToken.None))
        {
            // What ends already may be gone by now.
            await EndAsync(instance.InstanceId, orIsGone: true);
        }
    }

    [Fact]
    public async Task An_offer_names_its_price_its_provider_and_what_it_has()
    {
        var offer = await CheapestAsync();

        Assert.Equal(Provider.Name, offer.Provider);
        Assert.NotEmpty(offer.Id);
        Assert.True(offer.PricePerHour >= Money.Zero);
        Assert.True(offer.Cpus > 0 && offer.MemoryBytes > 0, $"{offer} has no CPUs or memory");
    }

    [Fact]
    public async Task What_is_created_is_listed_under_its_label_until_it_is_destroyed()
    {
        var id = await CreateAsync("orc-test-1-1");

        var listed = Assert.Single(await RunningAsync(id), instance => instance.InstanceId == id);
        Assert.Equal("orc-test-1-1", listed.Label);
        Assert.Equal(InstanceStatus.Running, listed.Status);

        await EndAsync(id);
        await GoneAsync(id);
    }

    [Fact]
    public async Task Two_creates_with_one_label_rent_twice()
    {
        var first = await CreateAsync("orc-test-2-1");
        var second = await CreateAsync("orc-test-2-1");

        Assert.NotEqual(first, second);
        await RunningAsync(first);
        var listed = await RunningAsync(second);
        Assert.Equal(2, listed.Count(instance => instance.Label == "orc-test-2-1"));
    }

    [Fact]
    public async Task A_lost_reply_leaves_an_instance_that_the_list_shows()
    {
        LoseNextReply();

        var lost = await Assert.ThrowsAsync<ProviderException>(() => CreateAsync("orc-test-3-1"));

        Assert.True(lost.Kind is ProviderErrorKind.Transient or ProviderErrorKind.Unknown, $"{lost.Kind} would say that nothing was rented");
        await UntilAsync(instances => instances.Any(instance => instance.Label == "orc-test-3-1"), "the instance of the lost reply");
    }

    [Fact]
    public async Task A_refusal_says_positively_that_nothing_was_rented()
    {
        RefuseNextCreate();

        var refused = await Assert.ThrowsAsync<ProviderException>(() => CreateAsync("orc-test-4-1"));

        Assert.Equal(ProviderErrorKind.NoCapacity, refused.Kind);
        Assert.DoesNotContain(await Provider.ListInstancesAsync(CancellationToken.None), instance => instance.Label == "orc-test-4-1");
    }

    [Fact]
    public async Task A_list_that_fails_throws_and_is_never_a_part()
    {
        await CreateAsync("orc-test-5-1");
        FailNextList();

        await Assert.ThrowsAsync<ProviderException>(() => Provider.ListInstancesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Destroying_what_is_not_there_says_not_found()
    {
        var missing = await Assert.ThrowsAsync<ProviderException>(() => Provider.DestroyAsync("i-nowhere", CancellationToken.None));
        Assert.Equal(ProviderErrorKind.NotFound, missing.Kind);

        var id = await CreateAsync("orc-test-6-1");
        await EndAsync(id);
        await GoneAsync(id);
        var again = await Assert.ThrowsAsync<ProviderException>(() => Provider.DestroyAsync(id, CancellationToken.None));
        Assert.Equal(ProviderErrorKind.NotFound, again.Kind);
    }

    [Fact]
    public async Task An_instance_that_died_is_listed_as_stopped_and_can_be_destroyed()
    {
        var id = await CreateAsync("orc-test-7-1");
        await RunningAsync(id);

        await KillAsync(id);

        await UntilAsync(instances => instances.Any(instance => instance.InstanceId == id && instance.Status == InstanceStatus.Stopped), "stopped");
        await EndAsync(id);
        await GoneAsync(id);
    }

    [Fact]
    public async Task Every_instance_can_be_reached_at_an_endpoint()
    {
        var id = await CreateAsync("orc-test-8-1");
        await RunningAsync(id);

        Assert.NotNull(await ReachAsync(id));
    }

    /// <summary>All that a server has to go by is on its books and in the list.</summary>
    [Fact]
    public async Task A_server_that_starts_anew_finds_what_was_rented_and_ends_it()
    {
        var id = await CreateAsync("orc-test-40-1");
        await RunningAsync(id);
        var anew = StartAnew();
        using var disposed = anew as IDisposable;

        var found = Assert.Single(await anew.ListInstancesAsync(CancellationToken.None), instance => instance.InstanceId == id);
        Assert.Equal("orc-test-40-1", found.Label);
        await anew.DestroyAsync(id, CancellationToken.None);

        await GoneAsync(id);
    }

    /// <summary>Two servers, or one that was too quick: it ends once, and neither is told anything worse than that.</summary>
    [Fact]
    public async Task Two_who_destroy_one_instance_at_once_end_it()
    {
        var id = await CreateAsync("orc-test-41-1");
        await RunningAsync(id);

        foreach (var refused in await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => await Record.ExceptionAsync(() => Provider.DestroyAsync(id, CancellationToken.None)))))
        {
            Assert.True(refused is null or ProviderException { Kind: ProviderErrorKind.NotFound or ProviderErrorKind.Transient or ProviderErrorKind.RateLimited }, $"{refused}");
        }

        if ((await Provider.ListInstancesAsync(CancellationToken.None)).Any(instance => instance.InstanceId == id && instance.Status != InstanceStatus.Terminating))
        {
            await EndAsync(id);
        }

        await GoneAsync(id);
    }

    /// <summary>The market has moved on since it was seen.</summary>
    [Fact]
    public async Task An_offer_that_has_vanished_is_refused_positively_and_rents_nothing()
    {
        var offer = (await CheapestAsync()) with { Id = "no-such-offer", Host = "nowhere/at-all", Cpus = 100_000 };

        var refused = await Assert.ThrowsAsync<ProviderException>(() => Provider.CreateAsync(Request("orc-test-42-1", offer), CancellationToken.None));

        Assert.True(refused.Kind is ProviderErrorKind.NoCapacity or ProviderErrorKind.Rejected, $"{refused.Kind} does not say that nothing was rented");
        Assert.DoesNotContain(await Provider.ListInstancesAsync(CancellationToken.None), instance => instance.Label == "orc-test-42-1");
    }

    /// <summary>Ids become parts of paths and addresses.</summary>
    [Theory]
    [InlineData("../..")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b?c#d")]
    [InlineData("i-000000000000/../x")]
    public async Task What_cannot_be_an_id_is_not_found_and_nothing_else_is_touched(string id)
    {
        var rented = await CreateAsync("orc-test-43-1");
        await RunningAsync(rented);

        foreach (var call in (Func<Task>[])[() => Provider.DestroyAsync(id, CancellationToken.None), () => Provider.GetEndpointAsync(id, CancellationToken.None)])
        {
            Assert.Equal(ProviderErrorKind.NotFound, (await Assert.ThrowsAsync<ProviderException>(call)).Kind);
        }

        await RunningAsync(rented);
    }

    /// <summary>As the reconciler does it: whoever says that he does not know yet is asked again.</summary>
    protected async Task EndAsync(string id, bool orIsGone = false)
    {
        try
        {
            await PatientlyAsync(async () =>
            {
                await Provider.DestroyAsync(id, CancellationToken.None);
                return true;
            });
        }
        catch (ProviderException gone) when (orIsGone && gone.Kind == ProviderErrorKind.NotFound)
        {
            Assert.DoesNotContain(await Provider.ListInstancesAsync(CancellationToken.None), instance => instance.InstanceId == id);
        }
    }

    /// <summary>Some have their ports a while after they are said to run. The list is asked as well, as a server does it.</summary>
    protected Task<HostEndpoint> ReachAsync(string id) => PatientlyAsync(async () =>
    {
        await Provider.ListInstancesAsync(CancellationToken.None);
        return await Provider.GetEndpointAsync(id, CancellationToken.None);
    });

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (ProviderException notYet) when (notYet.Kind == ProviderErrorKind.Transient && TimeProvider.System.GetElapsedTime(started) < BootLimit)
            {
                await Task.Delay(50);
            }
        }
    }

    protected async Task<string> CreateAsync(string label)
    {
        return await Provider.CreateAsync(Request(label, await CheapestAsync()), CancellationToken.None);
    }

    protected static LaunchRequest Request(string label, Offer offer) => new()
    {
        Label = label,
        JobName = "conformance",
        Offer = new OfferTaken
        {
            Provider = offer.Provider, OfferId = offer.Id, Capacity = offer.Capacity, HostKind = offer.HostKind, Host = offer.Host,
            PricePerHour = offer.PricePerHour, Gpu = offer.Gpu, GpuCount = offer.GpuCount, Cpus = offer.Cpus, MemoryBytes = offer.MemoryBytes,
        },
    };

    protected async Task<Offer> CheapestAsync() => (await Provider.ListOffersAsync(CancellationToken.None)).OrderBy(offer => offer.PricePerHour).ThenBy(offer => offer.Cpus).First();

    protected Task<IReadOnlyList<ListedInstance>> RunningAsync(string id) =>
        UntilAsync(instances => instances.Any(instance => instance.InstanceId == id && instance.Status == InstanceStatus.Running), $"{id} runs");

    private Task GoneAsync(string id) => UntilAsync(instances => instances.All(instance => instance.InstanceId != id), $"{id} is gone");

    protected async Task<IReadOnlyList<ListedInstance>> UntilAsync(Func<IReadOnlyList<ListedInstance>, bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var instances = await Provider.ListInstancesAsync(CancellationToken.None);
            if (condition(instances))
            {
                return instances;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < BootLimit, $"never listed: {what}; now {string.Join(", ", instances)}");
            await Task.Delay(50);
        }
    }
}
