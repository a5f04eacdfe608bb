using Orchestrator.Engine.Specs;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
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
    [InlineData(80)]
    [InlineData(140)]
    public void No_line_wraps(int width) =>
        Assert.DoesNotContain(PlanView.Lines(Plan("gpt2-fr"), width, new Paint(false), _now, TimeZoneInfo.Utc).Where(line => !line.StartsWith("add ", StringComparison.Ordinal)), line => line.Length > Math.Max(width, 110));

    [Fact]
    public void An_explained_offer_names_every_figure_with_its_origin()
    {
        var best = Plan("gpt2-fr").Choices[0];

        var explained = Plan("gpt2-fr", $"{best.Provider}/{best.Offer}").Explained!;

        Assert.Equal(best.Total, explained.Total);
        Assert.Equal(explained.Total, explained.Compute + explained.LostWork + explained.Disk + explained.Moves + explained.StoreEgress + explained.NeverBoots);
        Assert.All(explained.Figures, figure => Assert.Contains(figure.Origin, (string[])["published", "assumed", "history", "spec", "measured", "computed"]));
        Assert.True(PlanView.Figures(explained, 100, new Paint(false)).Count() > explained.Figures.Length);
    }

    [Fact]
    public void An_offer_that_is_rejected_is_explained_by_its_reason()
    {
        var all = CheckedInMarket.Read().Offers;
        var plan = Plan("gpt2-fr");
        var rejected = plan.Rejected[0].Sample[0].Split(':')[0];

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

    [Fact]
    public void A_plan_that_fits_nothing_says_which_single_line_keeps_how_many_out()
    {
        var plan = Plan("gpt2-fr", null, text => text.Replace("min-score: 97%", "min-score: 97%, regions: [BR]", StringComparison.Ordinal));

        var near = PlanView.Lines(plan, 140, new Paint(false), _now, TimeZoneInfo.Utc).First(line => line.StartsWith("nearly", StringComparison.Ordinal));
        Assert.Matches(@"^nearly   [1-9]\d* fail in one point only, other region \(\w+/\S+: [A-Z]{2}, BR wanted\)$", near);
    }

    private static PlanReply Plan(string name, string? explain = null, Func<string, string>? edit = null)
    {
        var text = File.ReadAllText(Path.Combine(SpecCase.ExamplesFolder, name + ".yaml"));
        text = edit?.Invoke(text) ?? text;
        var spec = SpecCase.Spec(SpecReader.Read(text, name + ".yaml", SpecCase.Options with { Now = _now }));
        return PlanReplies.Make(spec, PlanRequests.Of(spec, WorkKnown.Nothing, _now), [.. CheckedInMarket.Read().Offers.Select(seen => seen.Offer)], MarketMemory.Empty, explain, []);
    }
}
