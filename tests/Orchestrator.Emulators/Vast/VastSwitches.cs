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

    /// <summary>The card of an instance that is rebooted on demand is billed meanwhile.</summary>
    public bool BilledWhileRebooting { get; init; } = true;

    /// <summary>The same for one whose container is made anew on demand.</summary>
    public bool BilledWhileRecycling { get; init; } = true;

    /// <summary>How long either takes.</summary>
    public TimeSpan Restarting { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A host that loses its line is "unknown" for so long before it is "offline".</summary>
    public TimeSpan UnknownBeforeOffline { get; init; }

    /// <summary>An instance whose contract has ended is still wanted running, as far as its record goes.</summary>
    public bool ExpiredStaysWanted { get; init; }

    /// <summary>A start that was refused, and said to be queued, happens once it can; else it is forgotten.</summary>
    public bool QueuedStartFires { get; init; }

    /// <summary>Most characters of <c>onstart</c>: 4048, 4096 or 16384. Those 4096 are for it and the arguments together.</summary>
    public int LongestOnStart { get; init; } = 4048;

    /// <summary>Most characters of a label at create: 256 or 1024.</summary>
    public int LongestLabel { get; init; } = 256;

    /// <summary>A create may have its environment as a text of Docker's options; else only as an object.</summary>
    public bool TakesEnvText { get; init; } = true;

    /// <summary>A path without its slash at the end leads to the one with it (301); else it is not there.</summary>
    public bool RedirectsMissingSlash { get; init; } = true;

    /// <summary>A search that names none of <c>verified</c>, <c>rentable</c> and <c>rented</c> finds what is verified and free; else anything.</summary>
    public bool AddsSearchDefaults { get; init; }

    /// <summary>Bounds of numbers in a search are passed over.</summary>
    public bool FiltersLeak { get; init; }

    /// <summary>Memory and disk of an offer are its whole host's, instead of its cards' share.</summary>
    public bool OffersShowWholeHost { get; init; }

    /// <summary>A port has an entry for IPv4 and one for IPv6; else the first alone.</summary>
    public bool PortsOfBothFamilies { get; init; }

    /// <summary>How a create says that something went wrong on the server, as it does for an image's tag that does not exist.</summary>
    public int ServerErrorStatus { get; init; } = 500;

    /// <summary><c>inet_down_billed</c> and <c>inet_up_billed</c> of an instance are gigabytes instead of megabytes.</summary>
    public bool BilledInGigabytes { get; init; }

    /// <summary>A container is given the key of its instance, whatever its <c>runtype</c>; else only where Vast.ai's own start-up runs.</summary>
    public bool GivesKeyToArgs { get; init; } = true;

    /// <summary>A new instance is in no list for so long.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>From the create call to a container, from there to loading, from there to running, from there to its ports.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Creating { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Loading { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Opening { get; init; } = TimeSpan.FromSeconds(5);
}
