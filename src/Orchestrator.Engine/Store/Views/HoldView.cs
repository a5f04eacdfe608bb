namespace Orchestrator.Engine.Store.Views;

/// <summary>The host of a failed job that is kept for a look.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">At most until then.</param>
/// <param name="Cost">What that has cost so far.</param>
public sealed record HoldView(DateTimeOffset Since, DateTimeOffset Until, Money Cost);
