using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Specs;
using Orchestrator.Providers.SshHost;
using Orchestrator.Spending;

namespace Orchestrator.Server.Configuration;

/// <summary><c>orchestrator.yaml</c>: everything has a default, so the file may be missing.</summary>
public sealed record ServerConfiguration
{
    public const string FileName = "orchestrator.yaml";

    /// <summary>Names a file elsewhere than in the data folder.</summary>
    public const string Variable = "ORCHESTRATOR_CONFIG";

    /// <summary>The connection string, where it should not stand in a file.</summary>
    public const string DatabaseVariable = "ORCHESTRATOR_DATABASE";

    /// <summary>Further host names, with commas between them; beside those of the file.</summary>
    public const string HostsVariable = "ORCHESTRATOR_HOSTS";

    /// <summary>Where it was read from; null = there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Address to listen on; null = 127.0.0.1.</summary>
    public string? Listen { get; init; }

    /// <summary>Null = the default port, or a free one where it is taken.</summary>
    public int? Port { get; init; }

    /// <summary>What the file said when it was read; null = there was none.</summary>
    public string? Text { get; init; }

    /// <summary>When the file was last written; of two servers that read different ones, the newer counts.</summary>
    public DateTimeOffset WrittenAt { get; init; }

    /// <summary>Host names under which a browser may reach the server, besides the loopback ones.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Connection string of PostgreSQL; null = embedded.</summary>
    public string? Database { get; init; }

    public string? DataFolder { get; init; }

    /// <summary>IANA zone for specs whose submitter's zone is unknown; null = the system's.</summary>
    public string? TimeZone { get; init; }

    public LocalMachine Local { get; init; } = new();

    /// <summary>Machines reached over SSH.</summary>
    public ImmutableArray<SshMachine> Machines { get; init; } = [];

    /// <summary>Where machines are rented.</summary>
    public ImmutableArray<AccountEntry> Accounts { get; init; } = [];

    /// <summary>Besides the folder that every installation has.</summary>
    public ImmutableArray<StoreEntry> Stores { get; init; } = [];

    /// <summary>Where images come from, other than in public.</summary>
    public ImmutableArray<RegistryEntry> Registries { get; init; } = [];

    /// <summary>Logins for private repositories.</summary>
    public ImmutableArray<GitAccount> Git { get; init; } = [];

    public HubSettings Hub { get; init; } = new();

    /// <summary>Where messages to people go.</summary>
    public ImmutableArray<ChannelEntry> Channels { get; init; } = [];

    /// <summary>When they are told what the weekend came to; null = never.</summary>
    public ReportTime? Report { get; init; } = ReportTime.Usual;

    /// <summary>Of hours of the day: what the file says, else the system's.</summary>
    public TimeZoneInfo Zone => TimeZone is { } named ? TimeZoneInfo.FindSystemTimeZoneById(named) : TimeZoneInfo.Local;

    /// <summary>What all jobs together may take.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>With those of single accounts.</summary>
    public ServerLimits AllLimits => Limits with
    {
        Accounts = [.. Accounts.Where(account => account.Limits.Any).Select(account => new AccountLimits(account.Name, account.Provider, account.Limits))],
    };

    /// <summary>Default values of job fields.</summary>
    public ImmutableArray<SpecSetting> Defaults { get; init; } = [];

    /// <summary>What is not available yet; errors throw instead.</summary>
    public ImmutableArray<ConfigurationProblem> Notes { get; init; } = [];
}
