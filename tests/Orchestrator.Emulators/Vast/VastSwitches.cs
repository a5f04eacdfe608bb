namespace Orchestrator.Emulators.Vast;

/// <summary>What nobody has confirmed about the real API, either way, and how fast things go. The defaults are those of the contract paper, chapter 7.</summary>
public sealed record VastSwitches
{
    /// <summary>Calls of one endpoint that come too early are refused.</summary>
    public bool RateLimits { get; init; }

    /// <summary>The refusal is JSON instead of plain words.</summary>
    public bool JsonRefusals { get; init; }

    /// <summary>A refusal for the limit says so long to wait; null = it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How a key that is not known is refused: 404, 401 or 403.</summary>
    public int UnknownKeyStatus { get; init; } = 404;

    /// <summary>How a create is refused for want of money: 400, 402, or 200 with <c>success: false</c>.</summary>
    public int NoCreditStatus { get; init; } = 400;

    /// <summary>The refusal for want of money is <c>spend_rate_limit</c> instead of <c>insufficient_credit</c>: as new accounts have it.</summary>
    public bool NoCreditIsSpendRate { get; init; }

    /// <summary>Charges of an instance are shown so long after it was created.</summary>
    public TimeSpan ChargesDelay { get; init; }

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

    /// <summary>The card of an instance in a crash loop is billed while its process is down; else only while it is up.</summary>
    public bool BilledWhileExited { get; init; } = true;

    /// <summary>The card of an instance that is said to be "unknown" is billed.</summary>
    public bool BilledWhileUnknown { get; init; } = true;

    /// <summary><c>inet_down_billed</c> and <c>inet_up_billed</c> of an instance are gigabytes instead of megabytes.</summary>
    public bool BilledInGigabytes { get; init; }

    /// <summary>A new instance is in no list for so long.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>From the create call to a container, from there to loading, from there to running, from there to its ports.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Creating { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Loading { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Opening { get; init; } = TimeSpan.FromSeconds(5);
}
