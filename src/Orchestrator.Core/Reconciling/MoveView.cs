using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>A place where the rest of a running job is expected to cost less than where it is.</summary>
/// <param name="To">The offer.</param>
/// <param name="Staying">What the rest costs where it is.</param>
/// <param name="Moving">What it costs there: leaving, starting anew and what was not saved yet included.</param>
public sealed record MoveView(Offer To, Money Staying, Money Moving);
