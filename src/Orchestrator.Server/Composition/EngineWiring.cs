using System.Collections.Immutable;
using Hangfire;
using Npgsql;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Providers;
using Orchestrator.Providers.Local;
using Orchestrator.Reconciling;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Composition;

/// <summary>Where the engine is plugged in: database, installation, store, providers, desks.</summary>
internal static class EngineWiring
{
    /// <summary>Names the agent's executable; else it lies beside the server's build.</summary>
    private const string AgentVariable = "ORCHESTRATOR_AGENT";

    internal static async Task<WebApplication> BuildAsync(ServeOptions options, ApiToken token, Serilog.ILogger log, Microsoft.Extensions.Logging.ILogger logger, CancellationToken cancellation)
    {
        var connection = options.Database ?? await EmbeddedPostgres.EnsureRunningAsync(options.Folder.Root, logger, cancellation);
        await Migrator.MigrateAsync(connection, logger, cancellation);
        var database = NpgsqlDataSource.Create(connection);
        var key = SecretsKey.LoadOrCreate(options.Folder.SecretsKeyFile, [.. (await new SecretStore(database).ListAsync(cancellation)).Select(secret => secret.KeyId).Distinct()]);
        WebApplication? app = null;
        var store = new FolderStore(options.Folder.Store, StoreKey.LoadOrCreate(options.Folder), () => new Uri(ServerHost.UrlOf(app!) + FolderStoreEndpoint.DefaultPath + "/"), TimeProvider.System);
        using var loggers = new Serilog.Extensions.Logging.SerilogLoggerFactory(log);
        var installation = new Installation(database, options.Folder.InstallationFile, new StoreMirror(store), key.Id, TimeProvider.System, loggers.CreateLogger<Installation>());
        var status = await installation.CheckAsync(cancellation);
        await AnnounceAsync(status, new AlertStore(database), logger, cancellation);
        var provider = Local(options);
        var engine = EngineTuning.Apply(
            new EngineOptions
            {
                ServerId = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}",
                Connection = connection,
                Policies = new Policies { Providers = ImmutableSortedDictionary<string, ProviderTimings>.Empty.Add(provider.Name, provider.Timings) },
            },
            Environment.GetEnvironmentVariable("ORCHESTRATOR_TUNING"));

        app = ServerHost.Build(
            options,
            token,
            log,
            services =>
            {
                services.AddSingleton(key);
                services.AddSingleton(new SecretBox(key));
                services.AddSingleton(installation);
                services.AddSingleton<IObjectStore>(store);
                services.AddSingleton<IProvider>(provider);
                services.AddOrchestratorEngine(engine, database);
                services.AddSingleton<IJobReader, EngineReader>();
                services.AddSingleton<IJobCommands, EngineCommands>();
                services.AddSingleton<ISecretDesk, EngineSecrets>();
                services.AddSingleton<ISystemDesk, EngineSystem>();
            },
            built => FolderStoreEndpoint.Map(built, store));
        // Registered at every start: Hangfire disables a recurring job for good after failed schedulings.
        HangfireSetup.RegisterSweep(app.Services.GetRequiredService<IRecurringJobManager>(), engine);
        return app;
    }

    private static LocalProvider Local(ServeOptions options)
    {
        var machine = options.Configuration.Local;
        var defaults = new LocalProviderOptions
        {
            InstancesFolder = options.Folder.Instances,
            AgentPath = Environment.GetEnvironmentVariable(AgentVariable) ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "agent", "orchestrator-agent")),
            PricePerHour = machine.Price,
            Faults = LocalFaults.Parse(Environment.GetEnvironmentVariable("ORCHESTRATOR_LOCAL_FAULTS")),
        };
        Directory.CreateDirectory(defaults.InstancesFolder);
        return new LocalProvider(defaults with { Cpus = machine.Cpus ?? defaults.Cpus, MemoryBytes = machine.Memory ?? defaults.MemoryBytes }, TimeProvider.System);
    }

    private static async Task AnnounceAsync(InstallationStatus status, AlertStore alerts, Microsoft.Extensions.Logging.ILogger logger, CancellationToken cancellation)
    {
        if (status.Recovered is not { } why)
        {
            return;
        }

        logger.LogWarning("Recovered mode: {Why}. Nothing is launched or destroyed until a person runs: orchestrator recover --confirm", why);
        await alerts.RaiseAsync("recovered", "installation", $"recovered mode: {why}; look at what runs where, then: orchestrator recover --confirm", cancellation);
    }
}
