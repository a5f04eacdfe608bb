namespace Orchestrator.Server.Api;

/// <param name="Id"><c>series-3</c>.</param>
/// <param name="Name">Its own and that of its runs.</param>
/// <param name="Next">When the next run is due; null = it was stopped.</param>
public sealed record SeriesRef(string Id, string Name, DateTimeOffset? Next);
