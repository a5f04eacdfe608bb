namespace Orchestrator.Emulators.Vast;

/// <summary>What nobody has confirmed about the real API, either way, and how fast things go. The defaults are those of the contract paper, chapter 7.</summary>
public sealed record VastSwitches
{
    /// <summary>Calls of one endpoint that come too early are refused.</summary>
    public bool RateLimits { get; init; }

    /// <summary>The refusal is JSON instead of plain words.</summary>
    public bool JsonRefusals { get; init; }

    /// <summary>Most rows of a search, whatever its limit says.</summary>
    public int SearchRows { get; init; } = 64;

    /// <summary>How a create call says that the ask is gone: 404, 410, 400, or 200 with <c>success: false</c>.</summary>
    public int VanishedStatus { get; init; } = 404;

    /// <summary>Outbid: wanted running, contract stopped (variant B), instead of all stopped.</summary>
    public bool OutbidStaysWanted { get; init; }

    /// <summary>What a destroyed instance's own page is: null, an empty array (<c>[]</c>), or 404.</summary>
    public string AfterDestroy { get; init; } = "null";

    /// <summary>The old list of instances still answers.</summary>
    public bool OldList { get; init; }

    /// <summary>An interruptible instance pays its bid, instead of the bid up to the on-demand price.</summary>
    public bool PaysTheBid { get; init; }

    /// <summary>A new instance is in no list for so long.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>From the create call to a container, from there to loading, from there to running, from there to its ports.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Creating { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Loading { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Opening { get; init; } = TimeSpan.FromSeconds(5);
}
