using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Name">As <c>notify</c> calls it.</param>
/// <param name="Kind"><c>ntfy</c>, <c>slack</c> and so on.</param>
/// <param name="IsDefault">Told of all jobs; false = only of those whose spec names it.</param>
/// <param name="On">Topics that it takes where no spec says otherwise.</param>
/// <param name="Quiet">Hours in which only what is urgent is sent; null = none.</param>
/// <param name="Trouble">Why its newest message did not get through; null = it did, or there was none.</param>
public sealed record ChannelView(string Name, string Kind, bool IsDefault, ImmutableArray<string> On, string? Quiet, string? Trouble);
