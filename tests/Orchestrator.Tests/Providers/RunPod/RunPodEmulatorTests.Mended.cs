using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Attempts;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Engine.Http;
using Orchestrator.Providers;
using Orchestrator.Providers.RunPod;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>Money, stock and books, as the contract has them and our client does not ask for them.</summary>
public sealed partial class RunPodEmulatorTests
{
    [Theory]
    [InlineData(0.73, 402)]
    [InlineData(0.74, 201)]
    public void A_create_needs_an_hour_of_balance(double balance, int status)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Balance = balance;

        Assert.Equal(status, runPod.Answer(Request("POST", "v2/pods", Order())).Status);
        Assert.Equal(status == 201 ? 1 : 0, runPod.Rented.Count);
    }

    [Fact]
    public void A_start_needs_an_hour_of_balance()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        var id = (string)Ask(runPod, "POST", "v2/pods", Order())["id"]!;
        Ask(runPod, "POST", $"v2/pods/{id}/action", """{"action":"stop"}""");
        runPod.Balance = 0.5;

        var refused = runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"start"}"""));

        Assert.Equal((400, "Insufficient balance to resume this on-demand pod. You need at least $0.74 (current: $0.50, deficit: $0.24)."), (refused.Status, (string)JsonNode.Parse(refused.Body)!["detail"]!));
        Assert.Equal("EXITED", (string)Ask(runPod, "GET", $"v2/pods/{id}")["status"]!);
        runPod.Balance = 0.75;
        Assert.Equal(200, runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"start"}""")).Status);
    }

    [Theory]
    [InlineData("product=POD,CLUSTER,SERVERLESS", 200)]
    [InlineData("product=POD,BOAT", 422)]
    [InlineData("product=POD,", 422)]
    [InlineData("product=POD&countryCodes=RO,US", 200)]
    [InlineData("product=POD&countryCodes=ro", 422)]
    [InlineData("product=POD&countryCodes=RO,", 422)]
    [InlineData("product=POD&cudaVersions=12.8,12.4", 200)]
    [InlineData("product=POD&cudaVersions=12", 422)]
    [InlineData("product=POD&minCudaVersion=12.x", 422)]
    [InlineData("product=POD&minCudaVersion=99999999999.1", 422)]
    [InlineData("product=POD&cudaVersions=12.8&minCudaVersion=12.4", 400)]
    public void What_is_asked_of_the_stock_is_held_to_its_form(string query, int status)
    {
        var (desk, runPod) = Start();
        using var _ = desk;

        Assert.Equal(status, runPod.Answer(Request("GET", $"v2/catalog/gpus?include=AVAILABILITY&{query}")).Status);
    }

    [Theory]
    [InlineData("", "EU-CZ-1 EU-RO-1 US-TX-3", "12.11 12.8 12.4")]
    [InlineData("&countryCodes=RO", "EU-RO-1", "12.8")]
    // Of these, one is a part of the world and the other a country.
    [InlineData("&countryCodes=US,CZ", "EU-CZ-1 US-TX-3", "12.11 12.4")]
    [InlineData("&countryCodes=EU", "", "")]
    [InlineData("&cudaVersions=12.4,12.8", "EU-CZ-1 EU-RO-1", "12.8 12.4")]
    // By its numbers, not by its letters.
    [InlineData("&minCudaVersion=12.8", "EU-RO-1 US-TX-3", "12.11 12.8")]
    [InlineData("&minCudaVersion=12.8&countryCodes=US", "US-TX-3", "12.11")]
    public void Places_and_drivers_that_are_not_asked_for_are_no_stock(string query, string centers, string versions)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 2, DataCenter = "EU-CZ-1", Cuda = "12.4" });
        runPod.Add(new RunPodHost { Id = 3, DataCenter = "US-TX-3", Cuda = "12.11" });

        var card = Ask(runPod, "GET", $"v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090?include=AVAILABILITY&product=POD{query}");

        Assert.Equal(centers, string.Join(' ', (card["dataCenters"] as JsonArray ?? []).Select(center => (string)center!["id"]!)));
        Assert.Equal(versions, string.Join(' ', card["cudaVersions"]!.AsArray().Where(version => (bool)version!["available"]!).Select(version => (string)version!["version"]!)));
        Assert.Equal(centers.Length == 0 ? "NONE" : centers.Contains(' ', StringComparison.Ordinal) && centers.Split(' ').Length > 2 ? "MEDIUM" : "LOW", (string)card["availability"]!);
    }

    /// <summary>Rented on 20 November 2026; it is noon and a half on New Year's Day.</summary>
    [Theory]
    [InlineData("bucketSize=day&lastN=3", 3, "2026-12-30T00:00:00Z", "2027-01-02T00:00:00Z")]
    [InlineData("bucketSize=hour&lastN=2", 2, "2027-01-01T11:00:00Z", "2027-01-01T13:00:00Z")]
    [InlineData("bucketSize=week&lastN=2", 2, "2026-12-21T00:00:00Z", "2027-01-04T00:00:00Z")]
    [InlineData("bucketSize=month&lastN=2", 2, "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z")]
    [InlineData("bucketSize=year&lastN=1", 1, "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z")]
    [InlineData("bucketSize=year&lastN=9999999", 2, "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z")]
    [InlineData("bucketSize=month&startTime=2026-11-01T00:00:00Z&endTime=2026-12-01T00:00:00Z", 1, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")]
    public void Books_are_in_buckets_of_any_size(string query, int records, string from, string to)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Balance = 10_000;
        Ask(runPod, "POST", "v2/pods", Order());
        desk.Time.Advance(new DateTimeOffset(2027, 1, 1, 12, 30, 0, TimeSpan.Zero) - desk.Time.GetUtcNow());

        var books = Ask(runPod, "GET", $"v2/billing/pods?{query}");

        var rows = books["records"]!.AsArray();
        Assert.Equal((records, from, to), (rows.Count, (string)rows[0]!["startTime"]!, (string)rows[^1]!["endTime"]!));
        Assert.All(rows, row => Assert.True((double)row!["totalAmount"]! > 0));
        Assert.Equal((double)books["metadata"]!["totals"]!["totalAmount"]!, rows.Sum(row => (double)row!["totalAmount"]!), 6);
        if (query.EndsWith("9999999", StringComparison.Ordinal))
        {
            Assert.Equal(runPod.Bill, rows.Sum(row => (double)row!["totalAmount"]!), 6);
        }
    }

    [Theory]
    [InlineData("lastN=2&startTime=2026-11-01T00:00:00Z", 400)]
    [InlineData("lastN=2&endTime=2026-11-01T00:00:00Z", 400)]
    [InlineData("lastN=0", 422)]
    [InlineData("lastN=x", 422)]
    [InlineData("startTime=yesterday", 422)]
    [InlineData("bucketSize=minute", 422)]
    [InlineData("lastN=2", 200)]
    public void Books_are_asked_for_in_their_form(string query, int status)
    {
        var (desk, runPod) = Start();
        using var _ = desk;

        Assert.Equal(status, runPod.Answer(Request("GET", $"v2/billing/pods?{query}")).Status);
    }

    [Fact]
    public void A_login_is_told_without_its_password()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        var id = (string)Ask(runPod, "POST", "v2/registries", """{"name":"mine","username":"me","password":"hunter22"}""")["id"]!;

        Assert.Equal($$"""{"id":"{{id}}","name":"mine"}""", runPod.Answer(Request("GET", $"v2/registries/{id}")).Body);
        Assert.Equal(404, runPod.Answer(Request("GET", "v2/registries/none")).Status);
    }

    [Fact]
    public void A_volume_is_told_and_grows()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        var volume = runPod.Answer(Request("POST", "v2/network-volumes", """{"name":"data","size":100,"dataCenter":"EU-RO-1"}""")).Body;
        var path = $"v2/network-volumes/{JsonNode.Parse(volume)!["id"]}";

        Assert.Equal(volume, runPod.Answer(Request("GET", path)).Body);
        Assert.Equal(404, runPod.Answer(Request("GET", "v2/network-volumes/none")).Status);
        Assert.Equal(400, runPod.Answer(Request("PATCH", path, """{"size":99}""")).Status);
        Assert.Equal(422, runPod.Answer(Request("PATCH", path, """{"size":5000}""")).Status);
        Assert.Equal(422, runPod.Answer(Request("PATCH", path, """{"dataCenter":"EU-CZ-1"}""")).Status);
        Assert.Equal(404, runPod.Answer(Request("PATCH", "v2/network-volumes/none", """{"size":200}""")).Status);
        Assert.Equal((200, "more"), ((int)Ask(runPod, "PATCH", path, """{"size":200,"name":"more"}""")["size"]!, (string)Ask(runPod, "GET", path)["name"]!));
    }

    [Theory]
    [InlineData("PUT", "v2/pods", 405, "GET, POST")]
    [InlineData("POST", "v2/pods/none", 405, "GET, PATCH, DELETE")]
    [InlineData("GET", "v2/pods/none/action", 405, "POST")]
    [InlineData("PATCH", "v2/registries/none", 405, "GET, DELETE")]
    [InlineData("PUT", "v2/network-volumes/none", 405, "GET, PATCH, DELETE")]
    [InlineData("POST", "v2/catalog/gpus", 405, "GET")]
    [InlineData("DELETE", "v2/account/ssh-keys", 405, "GET, PUT")]
    [InlineData("GET", "v2/pods/none/nothing", 404, null)]
    [InlineData("DELETE", "v2/network-volumes/none", 404, null)]
    public void A_method_that_a_path_does_not_take_is_told_from_a_path_that_is_not_there(string method, string path, int status, string? allowed)
    {
        var (desk, runPod) = Start();
        using var _ = desk;

        var answer = runPod.Answer(Request(method, path, "{}"));

        Assert.Equal((status, allowed), (answer.Status, answer.Headers.GetValueOrDefault("Allow")));
    }

    /// <summary>As fast as our lane lets us, for a day and an hour, from the first call on.</summary>
    [Fact]
    public void Our_pace_stays_within_the_measured_limits()
    {
        var (desk, runPod) = Start(new RunPodSwitches { Quotas = new RunPodQuotas() });
        using var _ = desk;
        var (pacer, lane, calls) = (new LonePacer(desk.Time), Assert.Single(RunPodLanes.All), 0);
        for (var end = desk.Time.GetUtcNow().AddHours(25); desk.Time.GetUtcNow() < end; calls++)
        {
            if (pacer.WaitAsync("runpod", RunPodLanes.All, TimeSpan.MaxValue, default) is { IsCompleted: false })
            {
                desk.Time.Advance(lane.Every);
            }

            var answer = runPod.Answer(Request("GET", "v2/pods"));
            Assert.Equal(200, answer.Status);
            Assert.Equal("\"minute\";q=180;w=60, \"hour\";q=7200;w=3600, \"day\";q=86400;w=86400", answer.Headers["RateLimit-Policy"]);
        }

        // It was no idle client.
        Assert.InRange(calls, 85_000, 90_000);
    }

    /// <summary>The issue's bound: 1 %. While a pod is EXITED it bills nothing, as its list says.</summary>
    [Fact]
    public async Task Our_meter_says_what_its_bill_says()
    {
        var (metered, whole, bill) = await MeterAsync((minute, id, runPod) =>
        {
            switch (minute)
            {
                case 40:
                    runPod.LoseHost(id);
                    break;
                case 70:
                    Assert.Equal(200, runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"start"}""")).Status);
                    break;
                case 110:
                    Assert.Equal(200, runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"stop"}""")).Status);
                    break;
            }
        });

        // 80 minutes of card and disk.
        Assert.InRange(bill, 12 * 80 / 60.0, 16.01);
        Assert.InRange(metered, bill * 0.99, bill * 1.01);
        Assert.True(metered < whole * 0.7);
    }

    /// <summary>An outage bills nothing either, and looks in the list like a pull, which bills: the meter keeps to the dear side.</summary>
    [Fact]
    public async Task What_a_host_is_offline_is_metered_and_not_billed()
    {
        var (metered, whole, bill) = await MeterAsync((minute, id, runPod) =>
        {
            if (minute is 40 or 50)
            {
                runPod.TakeOffline(id, away: minute == 40);
            }
        });

        Assert.InRange(bill, 12 * 110 / 60.0, 22.02);
        Assert.Equal(whole, metered);
        Assert.InRange(metered, bill + (12 * 10 / 60.0 * 0.99), bill + (12 * 10 / 60.0 * 1.01));
    }

    /// <returns>Two hours of a card at $12 an hour by our meter, by our meter without what lists say, and by its bill.</returns>
    private async Task<(double Metered, double Whole, double Bill)> MeterAsync(Action<int, string, RunPodEmulator> each)
    {
        // What is told of a stopped pod is a stream, of which a few letters will do here.
        var (desk, runPod) = Start(options: new RunPodOptions { Log = new(TimeSpan.FromSeconds(2), 16) });
        using var _ = desk;
        (runPod.Balance, var card) = (500, new RunPodCardEntry { Id = "NVIDIA B200", Name = "B200", Secure = 12, Memory = 180 });
        runPod.Add(card);
        runPod.Add(new RunPodHost { Id = 1, Gpu = card.Id, Ram = 200 });
        var watched = new WatchedInstance(desk.Time, () => ListedAsync(desk));
        var offer = await OfferAsync(desk);
        var id = await CreateAsync(desk, offer);
        await watched.WatchAsync(minutes: 120, minute => each(minute, id, runPod));

        await desk.Provider.DestroyAsync(id, default);
        Assert.NotNull(watched.RunningAt);
        Assert.Equal(12, offer.PricePerHour.Dollars);
        var life = watched.Life;
        var taken = OfferTaken.Of(offer, null) with { DiskBytes = 40_000_000_000 };
        return (Dollars(life), Dollars(life with { Spared = [] }), runPod.Bill);

        double Dollars(InstanceLife lived) => (double)Meter.Of(taken, ((IProvider)desk.Provider).Billing, lived, 0, 0, 0).Billed.Dollars;
    }
}
