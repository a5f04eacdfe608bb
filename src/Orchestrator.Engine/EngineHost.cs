using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Acting;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Docker;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Rehearsals;
using Orchestrator.Engine.Submitting;
using Orchestrator.Engine.Templates;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Engine.Ticks;
using Orchestrator.Providers;

namespace Orchestrator.Engine;

/// <summary>Registers the engine. The composition root adds what comes from outside: <see cref="EngineOptions"/>, the
/// <c>Installation</c>, the <c>StoreSet</c>, the <c>RegistrySet</c>, the sources
/// (<c>ForeignSources</c>, <c>GitSource</c>, <c>ScratchFolders</c>), the providers, the <c>SecretsKeyring</c> and
/// its <c>SecretsRotation</c>.</summary>
public static class EngineHost
{
    public static IServiceCollection AddOrchestratorEngine(this IServiceCollection services, EngineOptions options, NpgsqlDataSource database)
    {
        services.AddSingleton(options);
        services.AddSingleton<TimeProvider>(BootClock.Instance);
        services.AddSingleton(database);
        services.TryAddSingleton(new OwnNetwork(BootClock.Instance));
        services.TryAddSingleton(new ChannelSet([], TimeZoneInfo.Utc));
        services.TryAddSingleton(TemplateFolders.Shipped);
        services.AddSingleton<AccountStore>();
        services.AddSingleton<AccountBooks>();
        services.AddSingleton<LeakStore>();
        services.AddSingleton<AccountWatch>();
        services.AddSingleton<BalanceWatch>();
        foreach (var type in (Type[])
        [
            typeof(AgentStore), typeof(HealthyJobs), typeof(JobQueries), typeof(CurveStore), typeof(SecretStore), typeof(TokenStore), typeof(AlertStore), typeof(OrphanStore), typeof(SweepStore),
            typeof(RoomStore), typeof(BatchStore), typeof(AttendanceStore), typeof(Attendance), typeof(ProviderSet), typeof(ListingCache), typeof(OfferBook), typeof(MarketMemoryStore), typeof(WorkStore), typeof(JobPlans), typeof(Observer),
            typeof(LaunchChecks), typeof(LaunchEffect), typeof(DestroyEffect), typeof(StoreWork), typeof(StoreClaims), typeof(CheckpointEffects), typeof(CopyEffects), typeof(EffectRunner),
            typeof(JobStores), typeof(EgressPrices), typeof(BucketSources), typeof(OutputSources), typeof(StoreRecords), typeof(StoreProber),
            typeof(ChannelSignals), typeof(OrderSource), typeof(GrantDesk), typeof(AgentChannelFactory), typeof(HostLeases), typeof(StoreReach),
            typeof(TickQueue), typeof(Ticker), typeof(ForgottenInstances), typeof(LiveUses), typeof(ConfigurationGaps), typeof(ConfigurationSurvey), typeof(UpkeepStore), typeof(PriceStore), typeof(PriceWatch), typeof(HostWatch), typeof(LedgerStore), typeof(SparedStore), typeof(ChargeStore), typeof(MeterWatch), typeof(ChargeWatch), typeof(PaidJobs), typeof(BudgetWatch), typeof(UnwipedHosts), typeof(WipeWatch), typeof(DeadlineJobs), typeof(DeadlineWatch), typeof(Upkeep), typeof(Sweeper), typeof(ImagePinning), typeof(SourcePinning), typeof(Pinning), typeof(JobService), typeof(StartPoints), typeof(CheckpointCopier), typeof(StartStore), typeof(InboxAnswers), typeof(SeriesStore), typeof(SeriesFirer), typeof(RehearsalStore), typeof(RehearsalFollower), typeof(MessageStore), typeof(BookReader), typeof(TrainingJobs), typeof(CheckpointWatch), typeof(ReportStore), typeof(ReportReader),
        ])
        {
            services.AddSingleton(type);
        }

        services.AddSingleton(new JobStore(database, BootClock.Instance) { Fenced = !Sabotage.NoFencing, Limits = options.Limits });
        services.AddSingleton(own => new BookMeter(own.GetRequiredService<BookReader>().ReadAsync, BootClock.Instance, own.GetRequiredService<ILogger<BookMeter>>()));
        services.AddSingleton<IAgentDialer, LocalDialer>();
        services.AddSingleton<IAgentDialer, SshDialer>();
        services.AddSingleton<IMachineShell, SshShell>();
        services.AddSingleton<DockerConnector>();
        // In this order: a rented machine has the books first that its container is then made by.
        services.AddSingleton<IHostPreparer, RentedHost>();
        services.AddSingleton<IHostPreparer, ContainerHost>();
        services.AddSingleton<IImageSource, PinnedImages>();
        services.TryAddSingleton<IStoreRelay, NoStoreRelay>();
        services.AddSingleton<IJobTicks, JobTicks>();
        services.AddSingleton<JobTicks>();
        AddHangfire(services, options);
        services.AddHostedService<NetworkWatch>();
        services.AddHostedService<AttendanceService>();
        services.AddHostedService(own => own.GetRequiredService<StoreWork>());
        services.AddHostedService(own => own.GetRequiredService<StoreProber>());
        services.AddHostedService<ChannelService>();
        services.AddHostedService<BatchObserver>();
        services.AddHostedService<SweepWatchdog>();
        services.AddHostedService<SeriesService>();
        services.AddHostedService<RehearsalService>();
        return services;
    }

    private static void AddHangfire(IServiceCollection services, EngineOptions options)
    {
        // A pool of its own: an ambient transaction then fails loudly instead of swallowing Hangfire's rows.
        var connection = new NpgsqlConnectionStringBuilder(options.Connection) { ApplicationName = "orchestrator-hangfire", MaxPoolSize = (options.Workers * 2) + 10 };
        services.AddHangfire(configuration => configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(connection.ConnectionString), HangfireSetup.StorageOptions)
            .WithJobExpirationTimeout(TimeSpan.FromHours(1)));
        services.AddHangfireServer(server =>
        {
            server.ServerName = options.ServerId;
            server.WorkerCount = options.Workers;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
            server.HeartbeatInterval = TimeSpan.FromSeconds(10);
            server.ServerTimeout = TimeSpan.FromMinutes(1);
        });
    }
}
