namespace Orchestrator.Reconciling;

/// <summary>A time in which none of our servers looked at anything: a laptop slept, a database was down, the server's network was away, a recovered server waited for a person.</summary>
/// <param name="From">When a server was last there.</param>
/// <param name="Until">When one was there again.</param>
public sealed record UnattendedTime(DateTimeOffset From, DateTimeOffset Until);
