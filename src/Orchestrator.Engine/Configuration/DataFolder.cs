namespace Orchestrator.Engine.Configuration;

/// <summary>Everything an installation keeps on this machine, by name. Naming a path does not create it.</summary>
public sealed class DataFolder
{
    /// <summary>The environment variable that names the folder where no option does.</summary>
    public const string Variable = "ORCHESTRATOR_DATA";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    // As root, PostgreSQL runs as another user and must pass through, though not look around.
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Listable = Passable | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public DataFolder(string root) => Root = Path.GetFullPath(root);

    public string Root { get; }

    /// <summary>The embedded cluster, its configuration and its socket.</summary>
    public string Postgres => Path.Combine(Root, "pg");

    /// <summary>Locks and sockets; nothing in it needs to survive a reboot.</summary>
    public string Run => Path.Combine(Root, "run");

    /// <summary>What submits fetch, until it is in the store.</summary>
    public string Scratch => Path.Combine(Run, "scratch");

    /// <summary>Host keys of git servers that were reached over SSH.</summary>
    public string GitKnownHostsFile => Path.Combine(Root, "git-known-hosts");

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>The default object store.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>Which folder of which name each store has.</summary>
    public string StoreFoldersFile => Path.Combine(Root, "store-folders");

    /// <summary>The person's own job templates; made by hand.</summary>
    public string Templates => Path.Combine(Root, "templates");

    /// <summary>Instances of the local provider.</summary>
    public string Instances => Path.Combine(Root, "instances");

    public string TokenFile => Path.Combine(Root, "token");

    public string SecretsKeyFile => Path.Combine(Root, "secrets.key");

    /// <summary>Host keys of the machines that were reached over SSH.</summary>
    public string KnownMachinesFile => Path.Combine(Root, "known-machines");

    /// <summary>Address and identity of the server that runs on this folder.</summary>
    public string ServerFile => Path.Combine(Root, "server.json");

    /// <summary>The installation's epoch outside the database.</summary>
    public string InstallationFile => Path.Combine(Root, "installation.json");

    /// <summary>The option, else the variable, else the place that fits the user.</summary>
    public static DataFolder Resolve(string? explicitPath) =>
        Resolve(explicitPath, Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess);

    public static DataFolder Resolve(string? explicitPath, Func<string, string?> variable, bool isRoot)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (explicitPath is not null)
        {
            return explicitPath.Length > 0 ? new(explicitPath) : throw new DataFolderException("--data is empty; give it a folder");
        }

        if (variable(Variable) is { Length: > 0 } named)
        {
            return new(named);
        }

        if (isRoot)
        {
            return new("/var/lib/orchestrator");
        }

        // The XDG rules: a relative path is to be ignored.
        if (variable("XDG_DATA_HOME") is { } shared && Path.IsPathRooted(shared))
        {
            return new(Path.Combine(shared, "orchestrator"));
        }

        return variable("HOME") is { } home && Path.IsPathRooted(home)
            ? new(Path.Combine(home, ".local/share/orchestrator"))
            : throw new DataFolderException($"HOME is not set, so there is no default data folder; name one with --data or {Variable}");
    }

    /// <summary>Creates the folder and its private subfolders where they are missing.</summary>
    public static DataFolder Create(string root)
    {
        var folder = new DataFolder(root);
        folder.Create(Environment.IsPrivilegedProcess);
        return folder;
    }

    private void Create(bool isRoot)
    {
        try
        {
            CreateParents(isRoot);
            // An empty folder that was made for us is ours to open; one with other things in it keeps the mode its owner gave it.
            if (!Directory.Exists(Root))
            {
                Directory.CreateDirectory(Root, Private);
                File.SetUnixFileMode(Root, isRoot ? Passable : Private);
            }
            else if (isRoot && !Directory.EnumerateFileSystemEntries(Root).Any())
            {
                File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | Passable);
            }

            foreach (var part in (string[])[Run, Logs, Store, Instances])
            {
                Directory.CreateDirectory(part, Private);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new DataFolderException($"cannot use {Root} as the data folder: {error.Message}; choose another with --data or {Variable}", error);
        }
    }

    private void CreateParents(bool isRoot)
    {
        var missing = new Stack<string>();
        for (var parent = Path.GetDirectoryName(Root); parent is not null && !Directory.Exists(parent); parent = Path.GetDirectoryName(parent))
        {
            missing.Push(parent);
        }

        foreach (var parent in missing)
        {
            Directory.CreateDirectory(parent, Private);
            // A strict umask of root's would lock the cluster's user out.
            File.SetUnixFileMode(parent, isRoot ? Listable : Private);
        }
    }
}
