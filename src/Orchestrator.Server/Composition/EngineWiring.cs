using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Templates;
using Orchestrator.Providers;
using Orchestrator.Providers.Local;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Cli;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Composition;

/// <summary>Where the engine is plugged in: database, installation, store, providers, desks.</summary>
public static class EngineWiring
{
    /// <summary>Shorter times for drills, see <see cref="EngineTuning"/>.</summary>
    private const string TuningVariable = "ORCHESTRATOR_TUNING";

    /// <summary>Faults of the local provider for drills, see <see cref="LocalFaults"/>.</summary>
    private const string FaultsVariable = "ORCHESTRATOR_LOCAL_FAULTS";

    private static readonly TimeSpan _leaseBeyond = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan _keepEvery = TimeSpan.FromSeconds(10);

    /// <summary>Prepares the database and builds the application; starts nothing. The port must be settled.</summary>
    public static async Task<WebApplication> BuildAsync(ServeOptions options, ApiToken token, Serilog.ILogger log, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var logger = loggers.CreateLogger("Orchestrator.Server");
        var connection = Check(options.Database) ?? await EmbeddedPostgres.EnsureRunningAsync(options.Folder.Root, logger, cancellation);
        await Migrator.MigrateAsync(connection, logger, cancellation);

        // With Hangfire's own pool this leaves room for several servers on one cluster.
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 40 });
        var secrets = new SecretStore(source);
        var keys = await SecretsRotation.OpenAsync(options.Folder.SecretsKeyFile, secrets, cancellation);
        var address = new ServerAddress(ServerHost.LocalUrl(options.Listen, options.Port));
        var folders = new List<FolderStore>();
        var ownNetwork = new OwnNetwork(BootClock.Instance);
        var wiring = new StoreWiring(options, keys, address, secrets, folders, ownNetwork);
        var stores = wiring.Build();
        var tokens = new TokenReader(wiring.SecretAsync, Environment.GetEnvironmentVariable);
        var installation = new Installation(source, options.Folder.InstallationFile, new StoreMirror(stores.Default), () => keys.NewestId, TimeProvider.System, loggers.CreateLogger<Installation>());
        if ((await installation.CheckAsync(cancellation)).Recovered is { } why)
        {
            logger.LogWarning("Recovered mode: {Why}. Nothing is rented or destroyed until: orchestrator recover --confirm", why);
        }

        var local = Local(options);
        var provider = new LocalProvider(local, TimeProvider.System);
        var network = new SshNetwork(new KnownMachines(options.Folder.KnownMachinesFile), new SshSettings { Network = ownNetwork });
        var (bans, lines) = (new HostBanStore(source), new MachineLineStore(source));
        var reached = new SshHostOptions { Machines = options.Configuration.Machines, AgentPath = local.AgentPath, AgentNeeds = HostPreflight.NeedsOf(local.AgentPath) };
        var terms = new MachineTermStore(source, options.Configuration.WrittenAt);
        var machines = new SshHostProvider(reached, new SshShell(network), TimeProvider.System, bans, lines, loggers.CreateLogger<SshHostProvider>(), terms);
        var guard = new AccountGuard(new AccountStore(source), new AlertStore(source), BootClock.Instance, loggers.CreateLogger<AccountGuard>());
        var rented = await new RentalWiring(options, source, keys, secrets, tokens, loggers, guard).BuildAsync(cancellation);
        var timings = ImmutableSortedDictionary.CreateRange(((IProvider[])[provider, machines, .. rented]).Select(one => KeyValuePair.Create(one.Name, one.Timings)));
        var engine = EngineTuning.Apply(
            new EngineOptions
            {
                // A create call has to fit into it.
                Lease = timings.Values.Max(one => one.CreateTimeout) + _leaseBeyond,
                ServerId = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..6]}"),
                Connection = connection,
                AgentPath = local.AgentPath,
                Limits = options.Configuration.AllLimits,
                StoreAuthorities = [.. options.Configuration.Stores.Select(store => store.Bucket?.CaFile).OfType<string>()],
                Policies = new() { Providers = timings },
            },
            Environment.GetEnvironmentVariable(TuningVariable));
        return ServerHost.Build(
            options,
            token,
            log,
            services =>
            {
                services.AddSingleton(keys);
                services.AddSingleton(new SecretsRotation(keys, secrets, options.Folder.SecretsKeyFile));
                services.AddSingleton(installation);
                services.AddSingleton(stores);
                services.AddRegistries(options.Configuration.Registries, tokens);
                services.AddSources(options, tokens);
                services.AddSingleton<Func<Engine.Artifacts.S3.S3Settings, Engine.Artifacts.S3.S3Store>>(wiring.Open);
                services.AddSingleton(local);
                services.AddSingleton<IProvider>(provider);
                services.AddSingleton(ownNetwork);
                services.AddSingleton(network);
                services.AddSingleton(guard);
                services.AddSingleton(bans);
                services.AddSingleton(lines);
                services.AddSingleton(reached);
                services.AddSingleton(machines);
                if (!options.Configuration.Machines.IsEmpty)
                {
                    services.AddSingleton<IProvider>(machines);
                }

                foreach (var one in rented)
                {
                    services.AddSingleton(_ => one);
                }

                if (!options.Configuration.Machines.IsEmpty || !rented.IsEmpty)
                {
                    services.AddStoreRelay(folders, installation, () => address.Url);
                }

                services.AddMessages(options.Configuration, tokens);
                services.AddOrchestratorEngine(engine, source);
                if (options.Database is null)
                {
                    services.AddHostedService(own => new EmbeddedPostgresKeeper(
                        options.Folder.Root, source, _keepEvery, own.GetRequiredService<ILogger<EmbeddedPostgresKeeper>>()));
                }

                services.AddDesks();
            },
            app => folders.ForEach(folder => FolderStoreEndpoint.Map(app, folder, folder.Path)));
    }

    internal static void AddDesks(this IServiceCollection services)
    {
        services.AddSingleton<EngineDoctor>();
        services.AddSingleton<IJobReader, EngineJobReader>();
        services.AddSingleton<IJobCommands, EngineJobCommands>();
        services.AddSingleton<ISeriesDesk, EngineSeriesDesk>();
        services.AddSingleton<IBatchDesk, EngineBatchDesk>();
        services.AddSingleton<ISystemDesk, EngineSystemDesk>();
        services.AddSingleton<IPlanDesk, EnginePlanDesk>();
        services.AddSingleton<IRehearsalDesk, EngineRehearsalDesk>();
        services.AddSingleton<IMarketDesk, EngineMarketDesk>();
        services.AddSingleton<ISecretDesk, EngineSecretDesk>();
        services.AddSingleton<ITokenDesk, EngineTokenDesk>();
        services.AddSingleton<IRegistryDesk, EngineRegistryDesk>();
        services.AddSingleton<IStoreDesk, EngineStoreDesk>();
        services.AddSingleton<IAccountDesk, EngineAccountDesk>();
        services.AddSingleton<IMachineDesk, EngineMachineDesk>();
        services.AddSingleton<IHostDesk, EngineHostDesk>();
        services.AddSingleton<ICostDesk, EngineCostDesk>();
        services.AddSingleton<IReachDesk, EngineReachDesk>();
        services.AddSingleton<IChannelDesk, EngineChannelDesk>();
        services.AddSingleton<IPageDesk, EnginePageDesk>();
        services.AddSingleton<IReportDesk, EngineReportDesk>();
    }

    private static void AddMessages(this IServiceCollection services, ServerConfiguration configuration, TokenReader tokens)
    {
        services.AddSingleton(new ChannelSet(configuration.Channels, configuration.Zone));
        services.AddSingleton(_ => new MessageSender(tokens, TimeProvider.System));
        services.AddHostedService<MessageWatch>();
        services.AddHostedService<Courier>();
        if (configuration.Report is { } time)
        {
            services.AddHostedService(own => new ReportWatch(
                own.GetRequiredService<MessageStore>(), own.GetRequiredService<ReportReader>(), own.GetRequiredService<JobStore>(), own.GetRequiredService<ChannelSet>(), time, configuration.Zone,
                own.GetRequiredService<EngineOptions>(), own.GetRequiredService<ILogger<ReportWatch>>()));
        }
    }

    private static void AddRegistries(this IServiceCollection services, ImmutableArray<RegistryEntry> entries, TokenReader tokens)
    {
        services.AddSingleton(new RegistrySet(entries, tokens, TimeProvider.System));
        services.AddSingleton<IRegistryLogins>(own => own.GetRequiredService<RegistrySet>());
    }

    private static void AddSources(this IServiceCollection services, ServeOptions options, TokenReader tokens)
    {
        services.AddSingleton(new ScratchFolders(options.Folder.Scratch));
        services.AddSingleton(TemplateFolders.Of(options.Folder));
        services.AddSingleton(new GitSource(new GitSettings { Accounts = options.Configuration.Git, KnownHostsFile = options.Folder.GitKnownHostsFile }, tokens));
        services.AddSingleton(_ => new ForeignSources(new PatientClient(WebHandlers.Create(), TimeProvider.System), options.Configuration.Hub, tokens));
        services.AddSingleton(own => own.GetRequiredService<ForeignSources>().Origins);
    }

    private static void AddStoreRelay(this IServiceCollection services, IReadOnlyList<FolderStore> stores, Installation installation, Func<Uri> server)
    {
        services.AddSingleton(own => new FolderStoreRelay(
            own.GetRequiredService<SshNetwork>(), stores, installation.Epoch, server, own.GetRequiredService<ILogger<FolderStoreRelay>>()));
        services.AddSingleton<IStoreRelay>(own => own.GetRequiredService<FolderStoreRelay>());
        services.AddHostedService(own => own.GetRequiredService<FolderStoreRelay>());
    }

    private static LocalProviderOptions Local(ServeOptions options)
    {
        var machine = options.Configuration.Local;
        var local = new LocalProviderOptions
        {
            InstancesFolder = options.Folder.Instances,
            AgentPath = AgentProgram.Find(),
            PricePerHour = machine.Price,
            Faults = LocalFaults.Parse(Environment.GetEnvironmentVariable(FaultsVariable)),
        };
        return local with { Cpus = machine.Cpus ?? local.Cpus, MemoryBytes = machine.Memory ?? local.MemoryBytes };
    }

    internal static string? Check(string? connection)
    {
        try
        {
            return connection is null ? null : new NpgsqlConnectionStringBuilder(connection).ConnectionString;
        }
        catch (Exception bad) when (bad is ArgumentException or FormatException)
        {
            // Its message may quote a password.
            throw new CliException(ExitCodes.Usage, "the connection string of the database cannot be read", "for example Host=db.example.org;Database=orchestrator;Username=orchestrator;Password=...");
        }
    }
}
