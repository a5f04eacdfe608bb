namespace Orchestrator.Engine.Backups;

/// <param name="Name">Path below the data folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256);
