using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Hosts;

/// <summary>
/// Owns channels for this server: claims those nobody has, keeps them renewed, runs one loop for each. While its own network is away it
/// owns none that needs one: nobody listens then, or another server does.
/// </summary>
public sealed class ChannelService(
    AgentStore agents,
    AgentChannelFactory channels,
    ProviderSet providers,
    OwnNetwork network,
    Installation installation,
    EngineOptions options,
    ILogger<ChannelService> log) : BackgroundService
{
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<(long Job, int Attempt), Running> _running = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var renewedAt = BootClock.Instance.GetTimestamp();
        using var timer = new PeriodicTimer(_round);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (BootClock.Instance.GetElapsedTime(renewedAt) >= options.ChannelLease / 3)
                    {
                        await RenewAsync(stoppingToken);
                        renewedAt = BootClock.Instance.GetTimestamp();
                    }

                    string[] unreachable = network.AwaySince is null ? [] : [.. providers.All.Where(provider => !provider.IsOnThisMachine).Select(provider => provider.Name)];
                    await LetGoAsync(unreachable);

                    // A recovered installation touches nothing until a person has confirmed.
                    if (!installation.IsRecovered)
                    {
                        await ClaimAsync(unreachable, stoppingToken);
                    }
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning("channels wait: {Words}", failure.Message);
                }
            }
        }
        finally
        {
            await Task.WhenAll(_running.Values.Select(one => one.StopAsync()));
        }
    }

    private async Task ClaimAsync(IReadOnlyCollection<string> except, CancellationToken stopping)
    {
        var free = options.MaxChannels - _running.Count;
        if (free <= 0)
        {
            return;
        }

        foreach (var lease in await agents.ClaimChannelsAsync(options.ServerId, options.ChannelLease, free, except, stopping))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var key = (lease.Job.Value, lease.Attempt);
            if (_running.TryRemove(key, out var older))
            {
                await older.StopAsync();
            }

            var loop = Task.Run(() => channels.Create(lease).RunAsync(stop.Token), CancellationToken.None);
            var running = new Running(lease, stop, loop);
            _running[key] = running;
        }
    }

    private async Task LetGoAsync(IReadOnlyCollection<string> unreachable)
    {
        var gone = _running.Where(running => unreachable.Contains(running.Value.Lease.Provider)).ToList();
        gone.ForEach(running => _running.TryRemove(running));
        await Task.WhenAll(gone.Select(running => running.Value.StopAsync()));
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        if (_running.IsEmpty)
        {
            return;
        }

        var kept = (await agents.RenewChannelsAsync(
            options.ServerId, options.ChannelLease, [.. _running.Values.Select(KeyOf)], cancellation)).ToHashSet();
        foreach (var (key, one) in _running)
        {
            if (!kept.Contains(KeyOf(one)) || one.Loop.IsCompleted)
            {
                _running.TryRemove(key, out _);
                await one.StopAsync();
            }
        }
    }

    private static (long Job, int Attempt, long Epoch) KeyOf(Running one) => (one.Lease.Job.Value, one.Lease.Attempt, one.Lease.Epoch);

    private sealed record Running(ChannelLease Lease, CancellationTokenSource Stop, Task Loop)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Stop.Dispose();
        }
    }
}
