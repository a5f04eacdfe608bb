namespace Orchestrator.Batches;

/// <summary>That a job belongs to a batch, as far as the kernel decides by it.</summary>
/// <param name="Name">The batch's.</param>
/// <param name="SharesBudget">What the job may spend is taken from the batch's budget as it needs it, and given back when it ends: its <c>MaxTotal</c> is what it holds of it.</param>
/// <param name="MostOfJob">What the job may hold of it at most (<c>budget.max-total</c>); null = all there is.</param>
public sealed record BatchTerms(string Name, bool SharesBudget, Money? MostOfJob)
{
    /// <summary>A host passes from one of its jobs to the next. Jobs of older releases have none.</summary>
    public bool ReusesHosts { get; init; }
}
