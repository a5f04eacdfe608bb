using Orchestrator.Server.Api;
using Orchestrator.Server.Cli;
using Orchestrator.Server.Cli.Rehearsing;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Rehearsals;

public sealed class RehearsalViewTests
{
    private static readonly RehearsalDetails _ready = new()
    {
        Title = "r-31",
        Job = new(31, "rehearsal-of-lora"),
        Of = "lora",
        Outcome = "weekend-ready",
        Words = "loss curve continues (0.1021 -> 0.1019)",
        Ended = true,
        Cost = 0.151m,
        Killed = new(1, "vast 56122 RTX 4090", 480),
        Resumed = new(2, "vast 57342 RTX 4090", 400),
        EstimateStored = true,
        Measured = new()
        {
            On = "RTX 4090", BootSeconds = 128, SecondsPerStep = 1.54, SecondsPerStepError = 0.02, CheckpointBytes = 130_000_000, SavesEverySteps = 400, SavesEverySeconds = 616, UploadSeconds = 4,
            TotalSteps = 4800, WorkSeconds = 7392,
        },
    };

    [Fact]
    public void A_rehearsal_that_went_well_is_three_lines()
    {
        Assert.Equal("vast 56122 RTX 4090 · ready 2m08s · 1.54 s/step (±0.02) · checkpoint 130 MB, saved every 400 steps = 10m16s, upload 4 s", RehearsalView.Measured(_ready));
        Assert.Equal("killed on purpose at step 480 · resumed on vast 57342 RTX 4090 at step 400 · loss curve continues (0.1021 -> 0.1019)", RehearsalView.WentOn(_ready));
        Assert.Equal(["✓ weekend-ready   spent $0.15   estimate stored: 4,800 steps = 2h03m on RTX 4090"], RehearsalView.End(_ready, default));
    }

    [Fact]
    public void The_only_machine_is_called_the_same_one()
    {
        Assert.Contains("resumed on the same machine as before (no other was better) at step 400", RehearsalView.WentOn(_ready with { SamePlace = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_went_wrong_is_said_with_what_to_do()
    {
        var failed = _ready with { Outcome = "started-anew", Words = "after the kill it began anew", WhatToDo = "have it read the folder", EstimateStored = false };

        Assert.Equal(["✗ not weekend-ready   spent $0.15", "  after the kill it began anew", "  have it read the folder"], RehearsalView.End(failed, default));
        Assert.EndsWith("at step 400", RehearsalView.WentOn(failed), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_total_no_estimate_is_claimed() =>
        Assert.Contains("no estimate was stored", RehearsalView.End(_ready with { EstimateStored = false }, default).Single(), StringComparison.Ordinal);

    [Fact]
    public void A_spec_says_whether_it_was_rehearsed_and_what_changed_since()
    {
        var at = new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

        Assert.Equal("not rehearsed", RehearsalView.Stamp(new(null, null, []), TimeZoneInfo.Utc));
        Assert.Equal("weekend-ready (rehearsed 20 Nov, r-31)", RehearsalView.Stamp(new("r-31", at, []), TimeZoneInfo.Utc));
        Assert.Equal("rehearsed 20 Nov, r-31, but since changed: env, image", RehearsalView.Stamp(new("r-31", at, ["env", "image"]), TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("weekend-ready", 0)]
    [InlineData("too-short", 1)]
    [InlineData("started-anew", 1)]
    [InlineData("trainer-failed", 1)]
    [InlineData("no-progress", 1)]
    [InlineData("money-spent", 4)]
    [InlineData("no-offer", 4)]
    [InlineData("stopped", 130)]
    public void Only_weekend_ready_is_0(string outcome, int code) => Assert.Equal(code, RehearsalExit.Of(outcome));

    [Theory]
    [InlineData("$0.20", 0.20)]
    [InlineData("1", 1)]
    [InlineData(null, 0.50)]
    public void Money_is_taken_with_and_without_its_sign(string? text, double dollars) => Assert.Equal((decimal)dollars, RehearsalMax.Parse(text));

    [Theory]
    [InlineData("bash.20", "the shell has put its name where $0 was: write --max 0.20")]
    [InlineData("-1", "write for example --max 0.20")]
    [InlineData("0.001", "write for example --max 0.20")]
    [InlineData("0", "write for example --max 0.20")]
    [InlineData("ten", "write for example --max 0.20")]
    public void A_shells_name_in_place_of_money_is_explained(string text, string what) =>
        Assert.Equal(what, Assert.Throws<CliException>(() => RehearsalMax.Parse(text)).WhatToDo);

    [Fact]
    public void Money_whose_dollars_the_shell_took_is_not_taken_for_cents() =>
        Assert.Contains("for example --max 1.50", Assert.Throws<CliException>(() => RehearsalMax.Parse(".50")).Message, StringComparison.Ordinal);
}
