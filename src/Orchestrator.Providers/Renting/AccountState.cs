namespace Orchestrator.Providers.Renting;

/// <summary>An account as its provider tells of it: the key is good, or there would be an exception instead.</summary>
/// <param name="Owner">For a person; null = not said.</param>
/// <param name="Spendable">What can still be spent before everything is stopped; may be negative. Null = not said.</param>
public sealed record AccountState(string? Owner, Money? Spendable)
{
    /// <summary>Name under which the account knows the key that its machines are reached with; empty = it does not know it yet. Null = it goes with each rental.</summary>
    public string? LoginKey { get; init; }
}
