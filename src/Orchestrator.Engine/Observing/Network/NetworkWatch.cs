using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Observing.Network;

/// <summary>
/// Tries all peers once nobody off this machine has been heard for a while, and tells a person when it is our own network. As long as
/// anybody is heard it asks nobody but those it does not know yet.
/// </summary>
public sealed class NetworkWatch(OwnNetwork network, AlertStore alerts, TimeProvider time, EngineOptions options, ILogger<NetworkWatch> log) : BackgroundService
{
    /// <summary>The network is the machine's, whichever of its servers tells.</summary>
    private static readonly string _subject = Environment.MachineName.ToLowerInvariant();

    private int _judged;
    private long? _judgedAt;
    private DateTimeOffset? _told;
    private bool _isSettled;

    /// <summary>What a person is told while it is away.</summary>
    public static string Words(DateTimeOffset since) => string.Create(
        CultureInfo.InvariantCulture, $"this server's own network has been away since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC: nothing off this machine answers. What runs elsewhere goes on, and nothing is given up for its silence meanwhile");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.AttendEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("whether the network is there could not be looked at: {Words}", failure.Message);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var known = network.Peers.Count;
        // New ones are tried once: whether one is on this machine cannot be told otherwise. And not at every look: firewalls shut out who
        // connects too often.
        if (known != _judged || (network.Quiet >= options.NetworkSilence && (_judgedAt is not { } at || time.GetElapsedTime(at) >= options.AttendEvery * 3)))
        {
            _judgedAt = time.GetTimestamp();
            await network.JudgeAsync(options.NetworkSilence, (peer, token) => PeerTry.ReachAsync(peer, options.LoopbackIsElsewhere, token), cancellation);
            _judged = known;
        }

        if (network.AwaySince is { } since)
        {
            if (_told != since)
            {
                await alerts.RaiseAsync(AlertKinds.Network, _subject, Words(since), cancellation);
                log.LogWarning("{Words}", Words(since));
                (_told, _isSettled) = (since, false);
            }
        }
        else if (!_isSettled && (_told is not null || network.IsHeard))
        {
            // Also the alert of a server that ended while its network was away.
            if (await alerts.ResolveAsync(AlertKinds.Network, _subject, cancellation))
            {
                log.LogInformation("this server's own network is back");
            }

            (_told, _isSettled) = (null, true);
        }
    }
}
