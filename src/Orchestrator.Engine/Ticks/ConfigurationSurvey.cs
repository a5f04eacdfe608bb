using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>Tells a person, with each sweep, what the configuration lacks that somebody needs.</summary>
public sealed class ConfigurationSurvey(ConfigurationGaps gaps, AlertStore alerts, ILogger<ConfigurationSurvey> log)
{
    public async Task SurveyAsync(CancellationToken cancellation)
    {
        var found = (await gaps.FindAsync(null, cancellation)).Select(gap => new Concern(AlertKinds.Configuration, gap.Subject, gap.Text)).ToList();
        foreach (var told in await alerts.SettleAsync(AlertKinds.Configuration, found, cancellation))
        {
            log.LogWarning("{Gap}", told.Text);
        }
    }
}
