using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>What a user asks for, fully expanded: every shorthand resolved, every built-in default filled in, every calendar time an instant.
/// The YAML it came from is spelled in kebab-case (see job-templates/REFERENCE.md); JSON of this record keeps that spelling.</summary>
public sealed record JobSpec
{
    /// <summary>Version of the spec format; 1 is the only one.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Slug of at most 63 characters: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = SpecText.EmptyMap;

    /// <summary>Name of the job template the rest comes from; image, run, checkpoints and GPUs may be missing then.</summary>
    public string? Template { get; init; }

    /// <summary>Values of the template's inputs, as written.</summary>
    public ImmutableSortedDictionary<string, string> Vars { get; init; } = SpecText.EmptyMap;

    /// <summary>Container image reference; null runs the command on the bare instance (or takes the server's default).</summary>
    public string? Image { get; init; }

    /// <summary>How to log in to the image's registry; null matches a profile by host.</summary>
    public RegistryAuth? RegistryAuth { get; init; }

    public CodeSource? Code { get; init; }

    /// <summary>Absolute container path; null means <see cref="CodeSource.To"/> where there is code, else the image's own.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Script run once before the command of every attempt.</summary>
    public string? Setup { get; init; }

    /// <summary>Script; exactly one of this and <see cref="Command"/> is set, but for a spec with a template.</summary>
    public string? Run { get; init; }

    /// <summary>Argument list run without a shell; empty when <see cref="Run"/> is set.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Shell of <see cref="Run"/> and <see cref="Setup"/>.</summary>
    public ShellKind Shell { get; init; } = ShellKind.Bash;

    /// <summary>Environment of setup and trainer, values exactly as written.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = SpecText.EmptyMap;

    /// <summary>Environment variable to name of the stored secret; never the value.</summary>
    public ImmutableSortedDictionary<string, string> Secrets { get; init; } = SpecText.EmptyMap;

    public ResourceRequest Resources { get; init; } = new();

    /// <summary>Ports forwarded over SSH (reserved).</summary>
    public ImmutableArray<int> Tunnels { get; init; } = [];

    public ImmutableArray<DataMount> Data { get; init; } = [];

    /// <summary>Only trusted providers, TLS stores, and a wipe before the host is given back.</summary>
    public bool Sensitive { get; init; }

    /// <summary>How long the work takes on a named card; null means unknown until rehearsed or asked.</summary>
    public Estimate? Estimate { get; init; }

    /// <summary>Null only for <c>checkpoints: none</c> and for specs whose template brings them.</summary>
    public CheckpointSpec? Checkpoints { get; init; }

    public ImmutableArray<OutputSpec> Outputs { get; init; } = [];

    public ProgressRule Progress { get; init; } = new();

    /// <summary>Empty means all configured ones.</summary>
    public ImmutableArray<ProviderChoice> Providers { get; init; } = [];

    public PlanPreference Prefer { get; init; } = PlanPreference.Cost;

    public ReliabilityPolicy Reliability { get; init; } = new();

    public BudgetSpec Budget { get; init; } = new();

    public DeadlineSpec? Deadline { get; init; }

    /// <summary>Null starts now.</summary>
    public ScheduleSpec? Schedule { get; init; }

    public TimeoutSpec Timeouts { get; init; } = new();

    /// <summary>Training time over all attempts; null is unlimited.</summary>
    public TimeSpan? MaxRuntime { get; init; }

    public FailurePolicy OnFailure { get; init; } = new();

    /// <summary>Null means the server's default channels and events.</summary>
    public NotifySpec? Notify { get; init; }

    /// <summary>-100 to 100, higher first.</summary>
    public int Priority { get; init; }

    /// <summary>Matrix of jobs; null for a single job.</summary>
    public StrategySpec? Strategy { get; init; }

    public BatchSpec? Batch { get; init; }

    /// <summary>The values of its batch's matrix that the job is run with; null = it is none of a matrix.</summary>
    public ImmutableSortedDictionary<string, string>? Cell { get; init; }

    /// <summary>Jobs of the same batch that must succeed first (reserved).</summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>Number of nodes (reserved).</summary>
    public int Nodes { get; init; } = 1;
}
