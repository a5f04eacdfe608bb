using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>Tells a person, with each sweep, what the configuration lacks that somebody needs.</summary>
public sealed class ConfigurationSurvey(ConfigurationGaps gaps, AlertStore alerts, ILogger<ConfigurationSurvey> log)
{
    public const string AlertKind = "configuration";

    public async Task SurveyAsync(CancellationToken cancellation)
    {
        var found = await gaps.FindAsync(null, cancellation);
        foreach (var gap in found)
        {
            if (await alerts.RaiseAsync(AlertKind, gap.Subject, gap.Text, cancellation))
            {
                log.LogWarning("{Gap}", gap.Text);
            }
        }

        var open = found.Select(gap => gap.Subject).ToHashSet(StringComparer.Ordinal);
        foreach (var alert in (await alerts.ListAsync(resolved: false, cancellation)).Where(alert => alert.Kind == AlertKind && !open.Contains(alert.Subject)))
        {
            await alerts.ResolveAsync(AlertKind, alert.Subject, cancellation);
        }
    }
}
