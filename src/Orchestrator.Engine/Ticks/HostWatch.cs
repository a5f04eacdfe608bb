using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;
using Orchestrator.Planning.Hosts;

namespace Orchestrator.Engine.Ticks;

/// <summary>Bans hosts that never get ready, with each sweep.</summary>
public sealed class HostWatch(MarketMemoryStore memory, HostBanStore bans, JobStore jobs, ILogger<HostWatch> log)
{
    /// <summary>Who bans, where no person did.</summary>
    public const string Us = "orchestrator";

    public async Task JudgeAsync(CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        var due = BootBans.Of(await memory.RecentAsync(now, cancellation), await bans.PardonsAsync(cancellation), now);
        foreach (var ban in due)
        {
            if (await bans.BanUntilAsync(ban.Host, ban.Why, Us, ban.Until!.Value, cancellation))
            {
                log.LogWarning("{Host} is banned until {Until:u}: {Why}", ban.Host, ban.Until, ban.Why);
            }
        }
    }
}
