using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Whether a spec is weekend-ready.</summary>
/// <param name="Rehearsal">The newest rehearsal that went well, <c>r-31</c>; null = there was none.</param>
/// <param name="At">When it ended.</param>
/// <param name="Changed">Fields that it depends on and that differ since.</param>
public sealed record RehearsalStamp(string? Rehearsal, DateTimeOffset? At, ImmutableArray<string> Changed)
{
    public bool WeekendReady => Rehearsal is not null && Changed.IsEmpty;
}
