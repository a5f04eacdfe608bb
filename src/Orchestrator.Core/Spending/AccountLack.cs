namespace Orchestrator.Spending;

/// <summary>Why an account's money does not allow one more rental.</summary>
/// <param name="Money">What is to be added at least.</param>
/// <param name="Within">So long it would have to last.</param>
/// <param name="Running">What those that run take until then, and would not get any more; null = the money would not last in any case.</param>
public sealed record AccountLack(Money Money, TimeSpan Within, Money? Running);
