namespace Orchestrator.Server.Api;

/// <summary>The host of a failed job that is kept for a look.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">At most until then.</param>
/// <param name="Cost">Dollars that it has cost since.</param>
public sealed record KeptHost(DateTimeOffset Since, DateTimeOffset Until, decimal Cost);
