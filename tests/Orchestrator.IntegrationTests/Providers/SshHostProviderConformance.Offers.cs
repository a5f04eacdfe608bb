using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>What the machine offers, to whom and until when.</summary>
public sealed partial class SshHostProviderConformance
{
    [Fact]
    public async Task As_many_instances_run_as_there_are_slots_and_then_nothing_is_offered()
    {
        Assert.Equal(["box:1", "box:2"], (await Provider.ListOffersAsync(CancellationToken.None)).Select(offer => offer.Id));
        await CreateAsync("orc-test-20-1");
        Assert.Equal("box:1", Assert.Single(await Provider.ListOffersAsync(CancellationToken.None)).Id);
        var second = await CreateAsync("orc-test-21-1");
        Assert.Empty(await Provider.ListOffersAsync(CancellationToken.None));

        await Provider.DestroyAsync(second, CancellationToken.None);

        Assert.Single(await Provider.ListOffersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_a_person_says_is_gone_is_gone()
    {
        var gone = Build(_machine.Machine with { Gone = true });

        Assert.True((await gone.ListWhatAnswersAsync(CancellationToken.None)).SpeaksFor("ssh/box"));
        var missing = await Assert.ThrowsAsync<ProviderException>(() => gone.DestroyAsync("box.i-0123456789ab", CancellationToken.None));
        Assert.Equal(ProviderErrorKind.NotFound, missing.Kind);
        Assert.Empty(await gone.ListOffersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Offers_say_when_the_rental_ends_and_what_cannot_begin_is_not_offered()
    {
        var now = DateTimeOffset.UtcNow;
        var expires = now.AddHours(2);

        Assert.All(await Build(_machine.Machine with { Expires = expires }).ListOffersAsync(CancellationToken.None), offer => Assert.Equal(expires, offer.Until));
        Assert.Empty(await Build(_machine.Machine with { Expires = now.AddMinutes(5) }).ListOffersAsync(CancellationToken.None));
        Assert.Empty(await Build(_machine.Machine with { Banned = true }).ListOffersAsync(CancellationToken.None));
        var closed = new UsableHours(new ClockWindow(TimeOnly.FromDateTime(now.AddHours(2).UtcDateTime), TimeOnly.FromDateTime(now.AddHours(3).UtcDateTime)), TimeZoneInfo.Utc);
        Assert.Empty(await Build(_machine.Machine with { Hours = closed }).ListOffersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Its_list_says_when_the_rental_ends_as_the_configuration_has_it_today()
    {
        var expires = DateTimeOffset.UtcNow.AddHours(2);
        await CreateAsync("orc-test-27-1");

        Assert.Equal(new RentalTerm(null), Assert.Single(await Provider.ListInstancesAsync(CancellationToken.None)).Term);
        Assert.Equal(new RentalTerm(expires), Assert.Single(await Build(_machine.Machine with { Expires = expires }).ListInstancesAsync(CancellationToken.None)).Term);
    }

    [Fact]
    public async Task Two_servers_that_want_the_last_slot_get_one_instance()
    {
        var offer = (await Provider.ListOffersAsync(CancellationToken.None)).Single(one => one.Id == "box:2");
        var taken = new OfferTaken
        {
            Provider = "ssh", OfferId = offer.Id, Capacity = offer.Capacity, HostKind = offer.HostKind, Host = offer.Host, PricePerHour = offer.PricePerHour, Cpus = offer.Cpus, MemoryBytes = offer.MemoryBytes,
        };

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(async number =>
        {
            try
            {
                return await Build(_machine.Machine).CreateAsync(new LaunchRequest { Label = $"orc-test-3{number}-1", JobName = "race", Offer = taken }, CancellationToken.None);
            }
            catch (ProviderException refused)
            {
                Assert.Equal(ProviderErrorKind.NoCapacity, refused.Kind);
                return null;
            }
        }));

        // Each needs both slots: at most one got them, and whoever did not left nothing.
        var listed = await Provider.ListInstancesAsync(CancellationToken.None);
        Assert.Equal(results.OfType<string>().Order(), listed.Select(instance => instance.InstanceId).Order());
        Assert.InRange(listed.Count, 0, 1);
    }
}
