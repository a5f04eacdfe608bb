namespace Orchestrator.Engine.Embedded;

/// <summary>What <c>doctor</c> shows.</summary>
/// <param name="Running">A postmaster of this data folder is alive.</param>
/// <param name="MajorVersion">Of the data on disk; null before the first start.</param>
/// <param name="Pid">Of the postmaster.</param>
/// <param name="SocketFolder">Where it listens.</param>
/// <param name="DataBytes">Size of the cluster on disk.</param>
public sealed record EmbeddedPostgresStatus(bool Running, int? MajorVersion, int? Pid, string? SocketFolder, long DataBytes);
