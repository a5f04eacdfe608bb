using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Attempts;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class StopConditionTests
{
    [Theory]
    [InlineData("loss is nan", "loss is nan")]
    [InlineData("  eval/loss>5  ", "eval/loss > 5")]
    [InlineData("Loss IS Not  Finite OR val_loss >= 1e3 After 1_000 steps", "Loss is not finite or val_loss >= 1000 after 1000 steps")]
    [InlineData("acc < .5 after 20 step", "acc < 0.5 after 20 steps")]
    public void A_condition_is_read_and_shown_in_one_form(string written, string shown)
    {
        var result = SpecCase.With($"progress: {{stop-when: \"{written}\"}}\n");

        Assert.False(result.HasErrors, ProblemPrinter.Print(result));
        Assert.Empty(result.Unavailable);
        Assert.Equal(shown, result.Spec!.Progress.StopWhen);
        Assert.Equal(shown, string.Join(" or ", StopCondition.Parse(shown)));
    }

    [Theory]
    [InlineData("loss is broken", "\"loss is broken\" is no condition")]
    [InlineData("loss is nan or inf", "\"inf\" is no condition")]
    [InlineData("loss == 5", "\"loss == 5\" is no condition")]
    [InlineData("loss > five", "\"loss > five\" is no condition")]
    [InlineData("loss > 1e999", "\"loss > 1e999\" holds a number that is out of range")]
    [InlineData("loss > 5 after 99999999999999999999 steps", "holds a number that is out of range")]
    [InlineData("a>1 or b>1 or c>1 or d>1 or e>1 or f>1 or g>1 or h>1 or i>1", "more than 8 clauses")]
    public void A_bad_condition_is_said_where_it_stands(string written, string what)
    {
        var result = SpecCase.With($"progress: {{total: 5, stop-when: \"{written}\"}}\n");

        var problem = Assert.Single(result.Problems);
        Assert.Equal((5, 33, "progress.stop-when"), (problem.Line, problem.Column, problem.Path));
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.Contains("loss is nan", problem.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_progress_there_is_nothing_to_hold_it_against()
    {
        var result = SpecCase.With("progress: {format: none, stop-when: loss is nan}\n");

        Assert.Contains("needs metrics", Assert.Single(result.Problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_agent_watches_its_metrics_beside_the_ones_that_are_asked_for()
    {
        var progress = OrderOf("progress: {metrics: [acc], stop-when: loss is nan or loss > 5 or val_loss is inf}\n");

        Assert.Equal<string>(["acc"], progress.Metrics);
        Assert.Equal<string>(["loss", "val_loss"], progress.Watched);
    }

    [Fact]
    public void A_figure_that_is_no_number_is_text_for_scripts_and_comes_back_as_what_it_was()
    {
        var progress = new StepProgress(812, null, null, null) { Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", double.NaN) };

        var json = JsonSerializer.Serialize(progress, ApiJson.Options);

        Assert.Contains("\"loss\":\"NaN\"", json, StringComparison.Ordinal);
        Assert.Equal(double.NaN, JsonSerializer.Deserialize<StepProgress>(json, ApiJson.Options)!.Metrics["loss"]);
    }

    private static Protocol.ProgressOrder OrderOf(string lines)
    {
        var attempt = new Attempt
        {
            Number = 1, Phase = AttemptPhase.Running, PhaseSince = SpecCase.Now, PlannedAt = SpecCase.Now, Label = "l",
            Offer = new OfferTaken { Provider = "sim", OfferId = "o", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, PricePerHour = Money.Zero },
        };
        var state = new JobState { Id = new JobId(1), Name = "a", Epoch = "e1", Attempts = [attempt] };
        return OrderBuilder.Build(state, attempt, new StoredSpec { Spec = SpecCase.Spec(SpecCase.With(lines)) }, ImmutableSortedDictionary<string, string>.Empty).Progress;
    }
}
