using System.Globalization;
using Orchestrator.Engine.Specs;
using Orchestrator.Offers;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
using Orchestrator.Planning.Prices;
using Orchestrator.Server.Api;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Orchestrator.Tests.Golden;
using Orchestrator.Tests.Simulation;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

/// <summary>What <c>plan</c> prints for the example specs over the checked-in market; UPDATE_GOLDEN=1 writes it anew, so that every change of policy is seen.</summary>
public sealed class PlanViewTests
{
    private static readonly DateTimeOffset _now = CheckedInMarket.At;

    [Theory]
    [InlineData("lora")]
    [InlineData("support-7b")]
    [InlineData("domain-13b")]
    [InlineData("lr-sweep")]
    [InlineData("gpt2-fr")]
    public void The_plan_of_an_example_is_as_recorded(string name)
    {
        var text = string.Join('\n', PlanView.Lines(Plan(name), 140, new Paint(false), _now, TimeZoneInfo.Utc)) + "\n";
        var path = Path.Combine(GoldenFile.Folder("Plans"), name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [InlineData("gpt2-fr")]
    [InlineData("domain-13b")]
    [InlineData("support-7b")]
    public void No_line_wraps(string name)
    {
        var plan = Plan(name);
        foreach (var width in (int[])[40, 60, 80, 100, 120, 200])
        {
            Assert.DoesNotContain(Lines(plan, width), line => line.Length > width);
        }
    }

    [Fact]
    public void At_80_columns_offers_and_bids_can_be_copied()
    {
        var plan = Plan("gpt2-fr");
        var rows = Lines(plan, 80).ToList();

        Assert.All(plan.Choices.Take(5), choice => Assert.Contains(rows, row =>
            row.Contains($"{choice.Provider} {choice.Offer} ", StringComparison.Ordinal) && row.Contains(choice.Bid!.Value.ToString("0.000", CultureInfo.InvariantCulture), StringComparison.Ordinal)));
    }

    [Fact]
    public void A_row_adds_up_at_any_width()
    {
        var plan = Plan("gpt2-fr");
        for (var width = 80; width < 160; width++)
        {
            var lines = Lines(plan, width).ToList();
            var head = lines.FindIndex(line => line.Contains("OFFER", StringComparison.Ordinal));
            var (from, to) = (lines[head].IndexOf("DONE IN", StringComparison.Ordinal) + 7, lines[head].IndexOf("TOTAL", StringComparison.Ordinal));
            foreach (var row in lines.Skip(head + 1).TakeWhile(line => line.Length > 0).Where(_ => lines[head][from..to].Trim().Length > 0))
            {
                var figures = row[from..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var total = Array.FindIndex(figures, figure => figure.StartsWith('$'));

                Assert.Equal(decimal.Parse(figures[total][1..], CultureInfo.InvariantCulture), figures.Take(total).Sum(part => decimal.Parse(part, CultureInfo.InvariantCulture)));
            }
        }
    }

    [Fact]
    public void What_costs_least_per_hour_and_what_is_fastest_are_marked_and_no_row_is_there_twice()
    {
        var lines = Lines(Plan("gpt2-fr"), 160).ToList();

        Assert.Contains(lines, line => line.StartsWith("fastest  vast 66596169: 6h", StringComparison.Ordinal) && line.EndsWith(" more", StringComparison.Ordinal));
        Assert.EndsWith("  fastest", Assert.Single(lines, line => line.Contains("H200 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.EndsWith("  cheapest hour", Assert.Single(lines, line => line.Contains("vast 25150493/bid", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_offer_that_is_both_has_one_row()
    {
        var plan = Plan("gpt2-fr");
        var both = Lines(plan with { CheapestHour = plan.Fastest }, 160).ToList();

        Assert.EndsWith("  fastest, cheapest hour", Assert.Single(both, line => line.Contains("H200 ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_in_ten_that_needs_more_than_the_budget_gets_a_word()
    {
        var plan = Plan("gpt2-fr", null, text => text.Replace("max-total: $20", "max-total: $2.30", StringComparison.Ordinal));

        Assert.Contains($"limits   ${plan.Choices[0].Total:0.00} of $2.30, at 90 % ${plan.Choices[0].Total90:0.00}: more than one run in ten needs more than the budget and pauses unfinished", Lines(plan, 160));
    }

    [Fact]
    public void A_secret_that_a_hosts_owner_could_read_gets_a_word()
    {
        var market = Plan("gpt2-fr", null, text => text + "secrets: {HF_TOKEN: hf}\n");
        var datacentre = Plan("gpt2-fr", null, text => text.Replace("providers: [ssh/lab-1, ssh/lab-2, vast, runpod]", "providers: [runpod/secure]", StringComparison.Ordinal) + "secrets: {HF_TOKEN: hf}\n");

        Assert.Contains(Lines(market, 160), line => line.StartsWith("secrets  HF_TOKEN could be read by whoever owns this marketplace host", StringComparison.Ordinal));
        Assert.NotEmpty(datacentre.Choices);
        Assert.DoesNotContain(Lines(datacentre, 160), line => line.StartsWith("secrets", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_cards_usually_cost_is_said_where_it_is_known()
    {
        var best = Plan("lr-sweep").Choices[0];
        var card = new MarketCard
        {
            Gpu = best.Gpu, Capacity = best.Capacity, Offers = 9, Lowest = 0.036m, Median = 0.05m, Provider = "vast", UsualLowest = 0.030m, IsUsualOfThisHour = true, HoursSeen = 600,
            CheapestAt = _now.AddHours(5), CheapestUsual = 0.020m,
        };

        var plan = Plan("lr-sweep", null, null, PlanAround.Nothing with { Market = [card] });

        Assert.Contains(
            "starts   now; RTX 3090 interruptible from $0.036 a card, 20 % dearer (usually $0.030 at this hour of the week); usually cheapest 23:00, $0.020 (schedule.at)", Lines(plan, 200));
    }

    [Fact]
    public void The_command_to_run_is_never_broken_and_is_not_offered_where_nothing_fits()
    {
        var run = "orchestrator run " + new string('x', 90) + ".yaml";
        IEnumerable<string> Said(string name) => PlanView.Lines(Plan(name), 80, new Paint(false), _now, TimeZoneInfo.Utc, run);

        Assert.Equal(["Nothing was rented. Run it:", run], Said("gpt2-fr").TakeLast(2));
        Assert.Equal("Nothing was rented. A job that is run now waits until something fits.", Said("domain-13b").Last());
    }

    [Fact]
    public void What_nobody_offers_is_said()
    {
        Assert.Equal("providers: nothing of ssh/lab-1, ssh/lab-2 is offered now; offers come from lambda, runpod, vast", Assert.Single(Plan("gpt2-fr").Notes));
        Assert.Contains(Lines(Plan("gpt2-fr", null, null, PlanAround.Nothing with { Complete = false }), 160), line => line.EndsWith("; not all of the market is seen", StringComparison.Ordinal));
    }

    [Fact]
    public void Rejected_offers_say_how_many_of_how_many_are_shown()
    {
        var plan = Plan("gpt2-fr");
        var lines = PlanView.Rejected(plan, 100).ToList();

        Assert.Equal($"{plan.Rejected[0].Count} {plan.Rejected[0].Why} ({plan.Rejected[0].Sample.Length} of them shown; --json shows no more)", lines[0]);
        Assert.Contains($"  {plan.Rejected[0].Sample[0].Provider} {plan.Rejected[0].Sample[0].Offer}: {plan.Rejected[0].Sample[0].Words}", lines);
    }

    [Fact]
    public void An_offer_is_explained_by_its_rank_or_by_its_name()
    {
        var second = Plan("gpt2-fr").Choices[1];

        Assert.All((string[])["2", $"{second.Provider} {second.Offer}", $"{second.Provider}/{second.Offer}"], name => Assert.Equal(second.Offer, Plan("gpt2-fr", name).Explained!.Offer));
        Assert.Equal("no offer has rank 9: there are 3 choices", Assert.Throws<DeskException>(() => Plan("support-7b", "9")).Message);
    }

    [Fact]
    public void An_explained_offer_names_every_figure_with_its_origin()
    {
        var best = Plan("gpt2-fr").Choices[0];

        var explained = Plan("gpt2-fr", $"{best.Provider}/{best.Offer}").Explained!;

        Assert.Equal(best.Total, explained.Total);
        Assert.Equal(explained.Total, explained.Compute + explained.LostWork + explained.Disk + explained.Moves + explained.StoreEgress + explained.NeverBoots);
        Assert.All(explained.Figures, figure => Assert.Contains(figure.Origin, (string[])["published", "assumed", "history", "spec", "measured", "computed"]));
        Assert.True(PlanView.Figures(explained, 100, new Paint(false)).Count() > explained.Figures.Length);
        foreach (var width in (int[])[40, 80, 200])
        {
            var lines = PlanView.Figures(explained, width, new Paint(false)).ToList();
            Assert.DoesNotContain(lines, line => line.Length > width || line.Contains('…', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_offer_that_is_rejected_is_explained_by_its_reason()
    {
        var all = CheckedInMarket.Read().Offers;
        var plan = Plan("gpt2-fr");
        var rejected = $"{plan.Rejected[0].Sample[0].Provider}/{plan.Rejected[0].Sample[0].Offer}";

        var refused = Assert.Throws<DeskException>(() => Plan("gpt2-fr", rejected));

        Assert.Contains(plan.Rejected[0].Why, refused.Message, StringComparison.Ordinal);
        Assert.Throws<DeskException>(() => Plan("gpt2-fr", "nobody/has-this"));
        Assert.Equal(all.Length, plan.Offers);
    }

    [Theory]
    [InlineData("{at: Sat 20:00}", "2026-11-21T21:00Z", "starts   Sat 19:00", "missed by about")]
    [InlineData("{at: Sat 20:00}", "2026-11-25T08:00Z", "starts   Sat 19:00", "latest start")]
    [InlineData("{at: Sat 20:00}", "2026-11-22T03:00Z", "starts   Sat 19:00", "no time to spare when it starts")]
    [InlineData("{start-below: 0.01}", "2026-11-25T08:00Z", "waits    for less than $0.010/h: the cheapest that fits costs $", "done     ")]
    [InlineData("{run-window: 22:00..06:00}", "2026-11-30T08:00Z", "starts   21:00", "done     27 Nov")]
    public void A_schedule_counts_in_the_plan(string schedule, string deadline, string starts, string due)
    {
        var lines = string.Join('\n', PlanView.Lines(Plan("gpt2-fr", null, text => text
            .Replace("{at: Fri 20:00, start-below: $0.30}", schedule, StringComparison.Ordinal)
            .Replace("deadline: Mon 08:00", "deadline: " + deadline, StringComparison.Ordinal)), 140, new Paint(false), _now, TimeZoneInfo.Utc));

        Assert.Contains(starts, lines, StringComparison.Ordinal);
        Assert.Contains(due, lines, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-25T08:00Z", true)]
    [InlineData("2026-11-22T03:00Z", false)]
    public void A_market_that_asks_far_more_than_usual_is_waited_for_where_there_is_time(string deadline, bool waits)
    {
        string Edit(string text) => text.Replace("{at: Fri 20:00, start-below: $0.30}", "{at: Sat 20:00}", StringComparison.Ordinal).Replace("deadline: Mon 08:00", "deadline: " + deadline, StringComparison.Ordinal);
        var gpu = Plan("gpt2-fr", null, Edit).Choices[0].Gpu;
        var lowest = CardPrices.Of(CheckedInMarket.Read().Offers.Select(seen => seen.Offer)).Where(price => price.Gpu == gpu && price.Capacity == CapacityType.Interruptible).Min(price => price.Lowest);
        var usual = new UsualPrice(gpu, CapacityType.Interruptible, 48, new Money(lowest.MicroDollars / 4), lowest);
        var plan = Plan("gpt2-fr", null, Edit, null, MarketMemory.Empty with { UsualPrices = [usual] });

        var lines = string.Join('\n', PlanView.Lines(plan, 240, new Paint(false), _now, TimeZoneInfo.Utc));
        Assert.Equal(waits, lines.Contains($"starts   once {gpu} cost about $", StringComparison.Ordinal));
        Assert.Equal(waits, plan.Waits?.Until > plan.StartsAt);
        Assert.Equal(waits, plan.Waits?.Total < plan.Choices[0].Total);
    }

    [Fact]
    public void A_plan_that_fits_nothing_says_which_single_line_keeps_how_many_out()
    {
        var plan = Plan("gpt2-fr", null, text => text.Replace("min-score: 97%", "min-score: 97%, regions: [BR]", StringComparison.Ordinal));

        var near = PlanView.Lines(plan, 140, new Paint(false), _now, TimeZoneInfo.Utc).First(line => line.StartsWith("nearly", StringComparison.Ordinal));
        Assert.Matches(@"^nearly   [1-9]\d* fail in one point only, other region \(\w+/\S+: [A-Z]{2}, BR wanted\)$", near);
    }

    private static IEnumerable<string> Lines(PlanReply plan, int width) => PlanView.Lines(plan, width, new Paint(false), _now, TimeZoneInfo.Utc);

    private static PlanReply Plan(string name, string? explain = null, Func<string, string>? edit = null, PlanAround? around = null, MarketMemory? memory = null)
    {
        var text = File.ReadAllText(Path.Combine(SpecCase.ExamplesFolder, name + ".yaml"));
        text = edit?.Invoke(text) ?? text;
        var spec = SpecCase.Spec(SpecReader.Read(text, name + ".yaml", SpecCase.Options with { Now = _now }));
        // A template's code lies where the program lies.
        spec = spec.Code?.Folder is { } folder && folder.Contains("/job-templates/", StringComparison.Ordinal) ? spec with { Code = spec.Code with { Folder = "/templates/" + Path.GetFileName(folder) } } : spec;
        return PlanReplies.Make(
            spec, PlanRequests.Of(spec, WorkKnown.Nothing, _now), [.. CheckedInMarket.Read().Offers.Select(seen => seen.Offer)], memory ?? MarketMemory.Empty, explain, around ?? PlanAround.Nothing);
    }
}
