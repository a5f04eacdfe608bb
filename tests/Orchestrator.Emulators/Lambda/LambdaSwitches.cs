namespace Orchestrator.Emulators.Lambda;

/// <summary>What nobody has confirmed about the real API, either way, and how fast things go. Chapters 13 and 14 of the contract paper.</summary>
public sealed record LambdaSwitches
{
    /// <summary>A request a second and a launch in twelve are all that is served.</summary>
    public bool RateLimits { get; init; }

    /// <summary>Code of the refusal for the limit; null = plain words.</summary>
    public string? LimitCode { get; init; } = "global/rate-limited";

    /// <summary>The refusal for the limit says so long to wait; null = it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Code of a failure of its own, 500.</summary>
    public string FailureCode { get; init; } = "global/internal-error";

    /// <summary>A launch that names a key which is not there is 400; else 404.</summary>
    public bool MissingKeyIs400 { get; init; } = true;

    /// <summary>Code of a name that is taken.</summary>
    public string DuplicateCode { get; init; } = "global/duplicate";

    /// <summary>Errors have their code; else a message only.</summary>
    public bool ErrorsHaveCodes { get; init; } = true;

    /// <summary>Fields that a launch does not have are refused.</summary>
    public bool RefusesUnknownFields { get; init; }

    /// <summary>A batch with one id that is not known ends nothing; else it ends the others.</summary>
    public bool OneBadIdFailsAll { get; init; } = true;

    /// <summary>An unhealthy machine is billed.</summary>
    public bool BilledWhileUnhealthy { get; init; } = true;

    /// <summary>Billing goes on until a machine is gone; else until its end is asked for.</summary>
    public bool BilledWhileTerminating { get; init; }

    /// <summary>A restart keeps the address.</summary>
    public bool RestartKeepsAddress { get; init; } = true;

    /// <summary>The key may also be the user of HTTP's Basic scheme.</summary>
    public bool TakesBasic { get; init; } = true;

    /// <summary>A launch of more than one machine is refused; else they are launched.</summary>
    public bool RefusesQuantity { get; init; } = true;

    /// <summary>The machines' user may use Docker from the beginning; else not before it is put into that group.</summary>
    public bool UserInDockerGroup { get; init; }

    /// <summary>Port 22 is open before anybody says so; else nothing is.</summary>
    public bool OpensPort22 { get; init; } = true;

    /// <summary>The method by which a machine is renamed.</summary>
    public string RenameMethod { get; init; } = "POST";

    /// <summary>A new machine is in no list for so long.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>A new machine is not known by its id for so long; the list has it.</summary>
    public TimeSpan UnknownAtFirst { get; init; }

    /// <summary>From the launch to "active".</summary>
    public TimeSpan Booting { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>From "active" to an address.</summary>
    public TimeSpan AddressLate { get; init; }

    public TimeSpan Terminating { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>It is still listed, as terminated, for so long.</summary>
    public TimeSpan TerminatedShown { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A file system stays in use for so long after the end of the machine that had it.</summary>
    public TimeSpan FileSystemRelease { get; init; } = TimeSpan.FromMinutes(2);
}
