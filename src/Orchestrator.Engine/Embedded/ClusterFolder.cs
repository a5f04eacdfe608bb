using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>
/// Where the cluster's parts lie. DATA/pg is ours and holds the configuration; DATA/pg/data (the cluster) and the socket
/// folder belong to the cluster's user. As root, the configuration must not lie in a folder of that user's: it could
/// plant a link there and have root overwrite any file.
/// </summary>
internal sealed class ClusterFolder
{
    internal const int Port = 5432;
    private const int LongestSocketPath = 107;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Traversable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private ClusterFolder(DataFolder data)
    {
        Root = data.Postgres;
        LogFile = Path.Combine(data.Logs, "postgres.log");
        SocketFolder = ChooseSocketFolder();
    }

    internal string Root { get; }

    internal string Data => Path.Combine(Root, "data");

    /// <summary>initdb works here; renamed to <see cref="Data"/> when it has succeeded, so a crash leaves no half cluster.</summary>
    internal string Unfinished => Path.Combine(Root, "data.unfinished");

    internal string LockFile => Path.Combine(Root, "lock");

    internal string ConfigFile => Path.Combine(Root, "postgresql.conf");

    internal string AccessFile => Path.Combine(Root, "pg_hba.conf");

    internal string NamesFile => Path.Combine(Root, "pg_ident.conf");

    /// <summary>One line: the socket folder. For people and scripts, since it need not lie below the data folder.</summary>
    internal string SocketRecord => Path.Combine(Root, "socket-folder");

    internal string PidFile => Path.Combine(Data, "postmaster.pid");

    internal string LogFile { get; }

    internal string SocketFolder { get; }

    internal bool HasData => File.Exists(Path.Combine(Data, "PG_VERSION"));

    internal int? DataMajor => HasData && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var major)
        ? major
        : null;

    internal static string ConnectionString(string socketFolder, string database) => new Npgsql.NpgsqlConnectionStringBuilder
    {
        Host = socketFolder,
        Port = Port,
        Username = ClusterConfiguration.Role,
        Database = database,
    }.ConnectionString;

    internal static ClusterFolder Open(string dataFolder)
    {
        var data = DataFolder.Create(dataFolder);
        try
        {
            Directory.CreateDirectory(data.Postgres, Environment.IsPrivilegedProcess ? Traversable : Private);
            return new(new DataFolder(PosixFiles.RealPath(data.Root)));
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new EmbeddedPostgresException($"{data.Postgres} is closed to the user {Environment.UserName}; run as the user it belongs to, or use another data folder with --data", denied);
        }
    }

    /// <summary>The folder as it is, creating nothing; null where there is none.</summary>
    internal static ClusterFolder? Existing(string dataFolder) =>
        Directory.Exists(new DataFolder(dataFolder).Postgres) ? new(new DataFolder(PosixFiles.RealPath(dataFolder))) : null;

    internal void PrepareSocketFolder(ClusterUser user)
    {
        // One that is left over as a link or as another user's would let that user listen in our place.
        if (Path.Exists(SocketFolder) && (new DirectoryInfo(SocketFolder).LinkTarget is not null || (!user.IsOther && !PosixFiles.IsOwnedByUs(SocketFolder))))
        {
            throw new EmbeddedPostgresException($"{SocketFolder}, where PostgreSQL's socket belongs, was made by another user; remove it");
        }

        Directory.CreateDirectory(SocketFolder, Private);
        if (user.IsOther)
        {
            PosixFiles.ChangeOwner(SocketFolder, user.UserId, user.GroupId);
        }

        File.SetUnixFileMode(SocketFolder, Private);
        File.WriteAllText(SocketRecord, SocketFolder + "\n");
    }

    /// <summary>A stopped cluster leaves nothing outside its data folder.</summary>
    internal void RemoveOutsideSocketFolder()
    {
        if (!SocketFolder.StartsWith(Root + "/", StringComparison.Ordinal) && Directory.Exists(SocketFolder) && !Directory.EnumerateFileSystemEntries(SocketFolder).Any())
        {
            Directory.Delete(SocketFolder);
        }
    }

    /// <summary>
    /// As short and plain a place as needed: a socket's address has 108 bytes, and a comma in a host name means two hosts.
    /// Never the user's runtime folder: it goes when they log out, and the cluster stays.
    /// </summary>
    private string ChooseSocketFolder()
    {
        var below = Path.Combine(Root, "run");
        var socket = Path.Combine(below, ".s.PGSQL." + Port.ToString(CultureInfo.InvariantCulture) + ".lock");
        if (Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath && below.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-".Contains(letter, StringComparison.Ordinal)))
        {
            return below;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16];
        return Environment.IsPrivilegedProcess
            ? "/run/orchestrator-" + hash
            : string.Create(CultureInfo.InvariantCulture, $"/tmp/orchestrator-{Libc.EffectiveUserId()}-{hash}");
    }
}
