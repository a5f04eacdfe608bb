using Orchestrator.Jobs;

namespace Orchestrator.Batches;

/// <summary>What a job may take of its batch's budget.</summary>
public static class SharedMoney
{
    /// <summary>Most that it may hold; null = its budget is its own, or nobody has asked.</summary>
    public static Money? Most(JobTerms terms, BatchView? batch)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.Batch is { SharesBudget: true } of && batch?.Most is { } most ? (of.MostOfJob is { } own && own < most ? own : most) : null;
    }
}
