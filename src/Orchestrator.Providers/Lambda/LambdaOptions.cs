using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.Lambda;

/// <summary>One Lambda account and how it is used.</summary>
public sealed record LambdaOptions
{
    /// <summary>The older host (cloud.lambdalabs.com) leads here at best, and the key does not go along.</summary>
    public ApiOptions Api { get; init; } = new() { BaseAddress = new Uri("https://cloud.lambda.ai/"), Who = LambdaAccount.Who };

    /// <summary>How long what was seen of the types serves.</summary>
    public SeenStockTimes Stock { get; init; } = new();

    /// <summary>Has sudo without a password, and is put into the group of Docker.</summary>
    public string User { get; init; } = "ubuntu";

    public int SshPort { get; init; } = 22;

    /// <summary>Holds our folder there, which is named after the label and made for that user at the first boot.</summary>
    public string Folders { get; init; } = "/var/lib";

    internal string FolderOf(string label) => $"{Folders}/{label}";

    public ProviderTimings Timings { get; init; } = new()
    {
        // The call waits for its turn: one launch in twelve seconds.
        CreateTimeout = TimeSpan.FromSeconds(120),
        Settling = TimeSpan.FromSeconds(60),
        // Four minutes for one card, up to fifteen for eight.
        Boot = TimeSpan.FromMinutes(30),
        Connect = TimeSpan.FromMinutes(10),
    };
}
