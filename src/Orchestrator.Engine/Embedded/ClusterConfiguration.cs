using System.Globalization;

namespace Orchestrator.Engine.Embedded;

/// <summary>The three configuration files, written anew at every start; a person's own settings go into custom.conf beside them.</summary>
internal static class ClusterConfiguration
{
    internal const string Role = "orchestrator";
    internal const string Database = "orchestrator";
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    internal static void Write(ClusterFolder folder)
    {
        WriteReadable(folder.ConfigFile, Settings(folder));
        WriteReadable(folder.AccessFile, "# written at every start\n" + "local all all peer map=orchestrator\n");
        // Peer asks the kernel who is calling: even someone who got past the folder's mode must be this very user.
        WriteReadable(folder.NamesFile, $"# written at every start\norchestrator \"{Environment.UserName}\" {Role}\n");
    }

    private static string Settings(ClusterFolder folder) => string.Create(CultureInfo.InvariantCulture, $"""
        # written at every start; put your own settings into custom.conf beside this file
        listen_addresses = ''
        port = {ClusterFolder.Port}
        unix_socket_directories = {Quote(folder.SocketFolder)}
        unix_socket_permissions = 0700
        hba_file = {Quote(folder.AccessFile)}
        ident_file = {Quote(folder.NamesFile)}
        max_connections = 300
        shared_buffers = 64MB
        # POSIX shared memory of ordinary users is removed by systemd when they log out; the cluster outlives the log-in.
        dynamic_shared_memory_type = mmap
        max_wal_size = 256MB
        min_wal_size = 32MB
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        jit = off
        max_parallel_workers_per_gather = 0
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        logging_collector = off
        log_destination = 'stderr'
        log_line_prefix = '%m [%p] '
        log_min_messages = warning
        # Statements may hold what people typed; the caller gets the error anyway.
        log_min_error_statement = panic
        log_checkpoints = off
        include_if_exists 'custom.conf'

        """);

    private static string Quote(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static void WriteReadable(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, Readable);
    }
}
