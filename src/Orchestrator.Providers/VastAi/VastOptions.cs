using Orchestrator.Providers.Http;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.VastAi;

/// <summary>One Vast.ai account and how it is used.</summary>
public sealed record VastOptions
{
    public ApiOptions Api { get; init; } = new() { BaseAddress = new Uri("https://console.vast.ai/"), Who = VastAccount.Who };

    /// <summary>Hosts that Vast.ai has not verified are searched for as well; a spec still has to ask for them.</summary>
    public bool Unverified { get; init; }

    /// <summary>Disk that an offer must have, in gigabytes; Vast.ai rents out no less than 8.</summary>
    public int LeastDiskGB { get; init; } = 10;

    /// <summary>Most searches per look at the market. They are limited to ten a minute, and each shows a part of it.</summary>
    public int SearchesPerLook { get; init; } = 10;

    /// <summary>Rows asked for per search. Fewer come: which bound the API keeps is not documented.</summary>
    public int RowsPerSearch { get; init; } = 1000;

    /// <summary>A part of the market that was seen longer ago is shown no more.</summary>
    public TimeSpan SearchAge { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>Runs where a job names no image: it only has to have sshd or a package manager.</summary>
    public string PlainImage { get; init; } = "ubuntu:24.04";

    /// <summary>Where our sshd listens inside.</summary>
    public int SshPort { get; init; } = 10022;

    /// <summary>Our folder inside: the agent, and in it the instance's.</summary>
    public string Folder { get; init; } = "/var/lib/orchestrator";

    public ProviderTimings Timings { get; init; } = new()
    {
        CreateTimeout = TimeSpan.FromSeconds(90),
        Settling = TimeSpan.FromSeconds(30),
        // Pulls of 1-5 minutes are usual; what still loads after this is mostly never done.
        Boot = TimeSpan.FromMinutes(20),
        Connect = TimeSpan.FromMinutes(5),
    };
}
