using System.Collections.Immutable;

namespace Orchestrator.Engine.Rehearsals;

/// <param name="Name">The job that is rehearsed.</param>
/// <param name="Stamp">What its end would prove, see <c>SpecStamp</c>.</param>
public sealed record NewRehearsal(string Name, ImmutableSortedDictionary<string, string> Stamp);
