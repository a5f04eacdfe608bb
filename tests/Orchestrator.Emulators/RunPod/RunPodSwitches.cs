namespace Orchestrator.Emulators.RunPod;

/// <summary>What nobody has confirmed about the real API, either way, and how fast things go. The defaults are what was observed last, chapters 12 and 13 of the contract paper.</summary>
public sealed record RunPodSwitches
{
    /// <summary>RUNNING is said in the create answer already, as observed; else PROVISIONING and STARTING come first, as specified.</summary>
    public bool RunningAtOnce { get; init; } = true;

    /// <summary>The list comes in pages; else all at once, and what asks for pages is passed over.</summary>
    public bool Pagination { get; init; } = true;

    /// <summary>Most rows of a page, whatever its limit says: a page may be short.</summary>
    public int PageRows { get; init; } = 1000;

    /// <summary>A stopped pod still names what it cost, as observed; else zero.</summary>
    public bool CostKeptWhenExited { get; init; } = true;

    /// <summary>The fields <c>cmd</c> and <c>entrypoint</c> are known.</summary>
    public bool TakesCmdAndEntrypoint { get; init; } = true;

    /// <summary>The fields <c>gpu.minRamPerGpu</c> and <c>gpu.minVcpuCountPerGpu</c> are known.</summary>
    public bool TakesHostFilters { get; init; } = true;

    /// <summary>A create without <c>disk</c> is refused.</summary>
    public bool DiskRequired { get; init; } = true;

    /// <summary>How a create says that it does not know the card: 400 or 422.</summary>
    public int UnknownCardStatus { get; init; } = 400;

    /// <summary>A create without <c>cloud</c> looks in both; else in the data centres.</summary>
    public bool NoCloudMeansAny { get; init; }

    /// <summary>The refusal for the balance is problem+json; else it has no body.</summary>
    public bool WordsAboutBalance { get; init; } = true;

    /// <summary>A pod whose image cannot be pulled says ERROR; else EXITED.</summary>
    public bool PullFailureIsError { get; init; }

    /// <summary>Compute is billed from the create call on; else from when the container is up.</summary>
    public bool BilledWhilePulling { get; init; } = true;

    /// <summary>The key inside a pod may end that pod.</summary>
    public bool PodKeyEndsPod { get; init; } = true;

    /// <summary>A restart gives other ports outside.</summary>
    public bool RestartMovesPorts { get; init; } = true;

    /// <summary>A volume that a pod mounts can be deleted.</summary>
    public bool DeletesMountedVolumes { get; init; }

    /// <summary>The first REST API answers 410; else it is not there (its emulation is of no use to us).</summary>
    public bool FirstApiRetired { get; init; } = true;

    /// <summary>The old API answers 410 as well: from "early 2027".</summary>
    public bool GraphQlRetired { get; init; }

    /// <summary>Least distance of two calls of the old API; zero = it has no limit.</summary>
    public TimeSpan GraphQlEvery { get; init; }

    /// <summary>What an action says that does not fit a pod's status.</summary>
    public string ConflictWords { get; init; } = "action not valid for current pod status";

    /// <summary>The edge refuses clients that do not name themselves.</summary>
    public bool RefusesNamelessClients { get; init; } = true;

    /// <summary>Null = no limits and no word of them.</summary>
    public RunPodQuotas? Quotas { get; init; }

    /// <summary>Largest image, in GB, that a host takes; null = any.</summary>
    public double? MostImageGB { get; init; } = 14;

    /// <summary>A pod whose cards were taken by others while it was stopped starts without any; else its start is refused.</summary>
    public bool StartsWithoutCards { get; init; }

    /// <summary>The old API does not know the call for an interruptible pod any more; else there is never one left.</summary>
    public bool SpotRetired { get; init; } = true;

    /// <summary>A new pod is in no list for so long.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>From the create call to a machine, from there to a container, from there to its ports.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Pulling { get; init; } = TimeSpan.FromSeconds(55);

    public TimeSpan Opening { get; init; } = TimeSpan.FromSeconds(10);
}
