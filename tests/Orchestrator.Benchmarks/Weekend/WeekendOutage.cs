namespace Orchestrator.Drills.Weekend;

/// <summary>A cloud's whole API does not work for a while.</summary>
/// <param name="Cloud">Which.</param>
/// <param name="After">The first job was submitted.</param>
/// <param name="Lasts">Until it works again.</param>
/// <param name="Begins">The switch.</param>
/// <param name="Ends">The one that undoes it.</param>
public sealed record WeekendOutage(string Cloud, TimeSpan After, TimeSpan Lasts, string Begins, string Ends);
