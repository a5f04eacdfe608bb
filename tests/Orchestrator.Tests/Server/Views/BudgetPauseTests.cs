using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class BudgetPauseTests
{
    [Theory]
    [InlineData("paused", "the budget is spent: $3.00 of $3.00", true)]
    [InlineData("paused", "$1.20 of the budget of $3.00 is left, and nothing that fits is expected to finish for less than about $4; to go on now: orchestrator resume 12 --budget 6", true)]
    [InlineData("paused", "paused by orchestrator, for its budget of $3.00 is spent: $3.20 by what providers have charged; to go on: orchestrator resume 12 --budget 5", true)]
    [InlineData("paused", "paused by eva", false)]
    [InlineData("paused", "there is no secret hf", false)]
    [InlineData("waiting", "the budget is held by others", false)]
    public void A_budget_is_told_from_other_reasons_to_stand_still(string state, string reason, bool isBudget) =>
        Assert.Equal(isBudget, BudgetPause.Is(new JobSummary { Id = 12, Name = "lora", State = state, Reason = reason }));

    [Theory]
    [InlineData("too little; to go on now: orchestrator resume 12 --budget 6", 6.0)]
    [InlineData("too little; to go on now: orchestrator resume 12 --budget 6.25", 6.25)]
    [InlineData("paused by orchestrator, for its budget of $3.00 is spent (to go on: orchestrator resume 12 --budget 5)", 5.0)]
    [InlineData("a host said: orchestrator resume 12 --budget 999999 now", null)]
    [InlineData("the budget is spent: $3.00 of $3.00", null)]
    public void An_amount_is_taken_only_where_a_reason_ends_with_it(string reason, double? amount) => Assert.Equal((decimal?)amount, BudgetPause.Named(reason));
}
