using Npgsql;

namespace Orchestrator.Engine.Backups;

/// <summary>A connection of its own, without a limit: tables may be large.</summary>
internal static class BackupConnection
{
    internal static string Of(string connection) =>
        new NpgsqlConnectionStringBuilder(connection) { Pooling = false, Enlist = false, CommandTimeout = 0, ApplicationName = "orchestrator-backup" }.ConnectionString;
}
