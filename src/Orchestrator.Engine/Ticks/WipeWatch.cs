using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>A host that could not be wiped after a sensitive job is told to a person, for a week.</summary>
public sealed class WipeWatch(UnwipedHosts hosts, AlertStore alerts, ILogger<WipeWatch> log)
{
    private static readonly TimeSpan _week = TimeSpan.FromDays(7);

    public async Task LookAsync(CancellationToken cancellation)
    {
        var open = (await hosts.EndedWithinAsync(_week, cancellation)).Select(Tell).ToList();
        foreach (var told in await alerts.SettleAsync(AlertKinds.NotWiped, open, cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }
    }

    private static Concern Tell(UnwipedHost host)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"#{host.Job} attempt {host.Attempt}");
        var what = host.Partly ? "was wiped, but for its user's home and /tmp" : $"was not seen to be wiped ({host.Why})";
        return new(AlertKinds.NotWiped, subject, $"{host.Name}{subject} is sensitive and {host.Host} {what}: look there, or take what it held for known to its owner");
    }
}
