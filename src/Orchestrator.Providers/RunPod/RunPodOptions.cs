using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.RunPod;

/// <summary>One RunPod account and how it is used.</summary>
public sealed record RunPodOptions
{
    public ApiOptions Api { get; init; } = new() { BaseAddress = new Uri("https://api.runpod.io/"), Who = RunPodAccount.Who };

    /// <summary>Private hosts as well as data centres; a spec chooses between them by <c>runpod/secure</c>, <c>runpod/community</c>.</summary>
    public bool Community { get; init; } = true;

    /// <summary>Container disk that is asked for at least, in gigabytes: less was seen to find no host.</summary>
    public int LeastDiskGB { get; init; } = 20;

    /// <summary>How long what was seen of the catalogue serves.</summary>
    public SeenStockTimes Stock { get; init; } = new();

    /// <summary>Runs where a job names no image: it only has to have sshd or a package manager.</summary>
    public string PlainImage { get; init; } = "ubuntu:24.04";

    /// <summary>Where our sshd listens inside. The API shows this one port apart from the others.</summary>
    public int SshPort { get; init; } = 22;

    /// <summary>Our folder inside: the agent, and in it the instance's.</summary>
    public string Folder { get; init; } = "/var/lib/orchestrator";

    /// <summary>A pod without a port for so long has its host asked why; most are up within two minutes.</summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>So does one that has a port, and where nobody gets in for so long.</summary>
    public TimeSpan Unreached { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How much of a log is read, which does not end by itself.</summary>
    public Excerpt Log { get; init; } = new(TimeSpan.FromSeconds(2), 64 << 10);

    public ProviderTimings Timings { get; init; } = new()
    {
        CreateTimeout = TimeSpan.FromSeconds(90),
        Settling = TimeSpan.FromSeconds(30),
        // A minute where the host has the image, several where it pulls; what takes longer was refused and does not say so.
        Boot = TimeSpan.FromMinutes(20),
        Connect = TimeSpan.FromMinutes(5),
    };
}
