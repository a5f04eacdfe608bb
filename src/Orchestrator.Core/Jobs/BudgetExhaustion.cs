using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>What happens when the budget is spent (<c>budget.on-exhausted</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetExhaustion>))]
public enum BudgetExhaustion
{
    Pause,
    Stop,
}
