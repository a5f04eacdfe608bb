namespace Orchestrator.Jobs;

/// <summary>What happens when the budget runs out.</summary>
public enum BudgetExhausted
{
    Pause,
    Stop,
}
