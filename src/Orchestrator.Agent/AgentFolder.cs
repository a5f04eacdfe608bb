namespace Orchestrator.Agent;

/// <summary>Where things lie below an instance's root. Everything outside <see cref="Own"/> is the job's and is deleted when the host is cleaned.</summary>
internal sealed class AgentFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public AgentFolder(string root)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Own = Path.Combine(Root, "agent");
    }

    public string Root { get; }

    public string Own { get; }

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
