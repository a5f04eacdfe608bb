using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>A host that could not be wiped after a sensitive job is told to a person, for a week.</summary>
public sealed class WipeWatch(UnwipedHosts hosts, AlertStore alerts, ILogger<WipeWatch> log)
{
    private const string Kind = "not-wiped";

    private static readonly TimeSpan _week = TimeSpan.FromDays(7);

    public async Task LookAsync(CancellationToken cancellation)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var host in await hosts.EndedWithinAsync(_week, cancellation))
        {
            var subject = string.Create(CultureInfo.InvariantCulture, $"#{host.Job} attempt {host.Attempt}");
            var what = host.Partly ? "was wiped, but for its user's home and /tmp" : $"was not seen to be wiped ({host.Why})";
            var text = $"{host.Name}{subject} is sensitive and {host.Host} {what}: look there, or take what it held for known to its owner";
            open.Add(subject);
            if (await alerts.RaiseAsync(Kind, subject, text, cancellation))
            {
                log.LogWarning("{Alert}", text);
            }
        }

        foreach (var alert in (await alerts.ListAsync(resolved: false, cancellation)).Where(alert => alert.Kind == Kind && !open.Contains(alert.Subject)))
        {
            await alerts.ResolveAsync(Kind, alert.Subject, cancellation);
        }
    }
}
