using Hangfire;
using Hangfire.PostgreSql;

namespace Orchestrator.Engine.Ticks;

/// <summary>How Hangfire is set up: see libraries' traps in ARCHITECTURE.md, decision "Hangfire is the alarm clock".</summary>
public static class HangfireSetup
{
    public const string Schema = "hangfire";

    public static PostgreSqlStorageOptions StorageOptions { get; } = new()
    {
        SchemaName = Schema,
        // The migration step installs it; two servers must not race here.
        PrepareSchemaIfNecessary = false,
        QueuePollInterval = TimeSpan.FromSeconds(1),
        InvisibilityTimeout = TimeSpan.FromMinutes(5),
        UseSlidingInvisibilityTimeout = true,
        DistributedLockTimeout = TimeSpan.FromMinutes(2),
        JobExpirationCheckInterval = TimeSpan.FromMinutes(10),
    };

    public static void RegisterSweep(IRecurringJobManager recurring, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        recurring.AddOrUpdate<IJobTicks>("Sweep: overdue jobs and orphans", ticks => ticks.Sweep(CancellationToken.None), $"*/{Math.Clamp((int)options.SweepEvery.TotalSeconds, 1, 59)} * * * * *");
    }
}
