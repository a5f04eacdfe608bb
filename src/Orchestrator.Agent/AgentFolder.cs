namespace Orchestrator.Agent;

/// <summary>
/// Where things lie. On a bare host all of it is below the instance's root, and everything outside <see cref="Own"/> is the job's. In a
/// container the root is a folder of the machine that both see, and the job's paths are the container's own.
/// </summary>
internal sealed class AgentFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public AgentFolder(string root, bool inContainer = false)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Own = Path.Combine(Root, "agent");
        InContainer = inContainer;
    }

    public bool InContainer { get; }

    public string Root { get; }

    public string Own { get; }

    /// <summary>Below it lie the paths that the spec names.</summary>
    public string Files => InContainer ? "/" : Root;

    /// <summary>Where the trainer starts when the spec names no place: in a container, where its image says.</summary>
    public string WorkingDir => InContainer ? Environment.CurrentDirectory : Root;

    /// <summary>Locked for as long as the supervisor lives, whoever asks and from whichever side of a container.</summary>
    public string Alive => Path.Combine(Own, "alive");

    public string Supervisor => Path.Combine(Own, "supervisor.json");

    public string AgentIdentity => Path.Combine(Own, "agent.json");

    public string State => Path.Combine(Own, "state.json");

    public string Journal => Path.Combine(Own, "journal.jsonl");

    public string Diagnostics => Path.Combine(Own, "agent.log");

    public string TrainerLog => Path.Combine(Own, "trainer.log");

    public string TrainerRecord => Path.Combine(Own, "trainer.json");

    public string TrainerExit => Path.Combine(Own, "trainer.exit");

    public string Stored => Path.Combine(Own, "stored.json");

    /// <summary>Grants for while the server is away.</summary>
    public string Ahead => Path.Combine(Own, "ahead.json");

    /// <summary>Certificates of the authorities that the server has told us to trust.</summary>
    public string Trust => Path.Combine(Own, "trust.pem");

    /// <summary>Copies of checkpoints that the trainer writes over too fast.</summary>
    public string Copies => Path.Combine(Own, "copies");

    public string Lease => Path.Combine(Own, "lease.json");

    /// <summary>How many owners the instance had before the present one.</summary>
    public string Owner => Path.Combine(Own, "owner");

    /// <summary>Locked while it gets the next one.</summary>
    public string HandingOver => Path.Combine(Own, "handing-over");

    /// <summary>What was in the container before the first of them.</summary>
    public string ImageEntries => Path.Combine(Own, "image-entries");

    public string StopMark => Path.Combine(Own, "stop");

    public string Reserve => Path.Combine(Own, AtomicFile.ReserveName);

    public string SocketPathFile => Path.Combine(Own, "socket-path");

    /// <summary>Where the trainer writes JSON lines when the spec names no file.</summary>
    public string ProgressFile => Path.Combine(Root, "progress.jsonl");

    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Own, OwnerOnly);
    }
}
