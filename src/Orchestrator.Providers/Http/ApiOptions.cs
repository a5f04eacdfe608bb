using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.Http;

/// <summary>How one rental API is called. The defaults suit all of them; each provider names its own base address.</summary>
public sealed record ApiOptions
{
    /// <summary>Ends with a slash; the paths of calls are relative to it.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>How it is asked whose key it is; null = it cannot be asked.</summary>
    public AccountQuestion? Who { get; init; }

    /// <summary>Named in requests; one API refuses those that name nobody.</summary>
    public string UserAgent { get; init; } = "orchestrator/1.0";

    /// <summary>A call that changes nothing is given up after this time.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A call that rents or ends something. Longer, since giving up means that nobody knows.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a call waits for its turn before it says RateLimited.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, in bytes: whole markets are some megabytes.</summary>
    public int MaxAnswer { get; init; } = 32 << 20;

    /// <summary>How long an account asks nothing after a refusal for its limit that names no time.</summary>
    public TimeSpan HoldAfterRefusal { get; init; } = TimeSpan.FromSeconds(10);
}
