namespace Orchestrator.Engine.Store;

/// <summary>A token that is to be stored.</summary>
/// <param name="Id">See <see cref="Security.ApiToken.IdOf"/>.</param>
/// <param name="Hash">See <see cref="Security.ApiToken.Hash"/>.</param>
/// <param name="Name">What the timeline calls whoever uses it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="IsLink">It signs browsers in and is no bearer's.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="Lifetime">Null = it does not expire.</param>
public sealed record NewToken(string Id, string Hash, string Name, string Role, bool IsLink, string CreatedBy, TimeSpan? Lifetime);
