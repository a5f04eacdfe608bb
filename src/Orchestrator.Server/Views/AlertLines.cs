using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The list of <c>alerts</c>: a number, and since when, before each text.</summary>
public static class AlertLines
{
    public static IEnumerable<string> Of(IReadOnlyList<AlertView> alerts, int width, DateTimeOffset now, TimeZoneInfo zone) => alerts.Count == 0
        ? ["nothing waits for you"]
        : alerts.SelectMany(alert => Prose.Lines(
            alert.Id.ToString(CultureInfo.InvariantCulture).PadLeft(4) + "  ", $"{Say.When(alert.At, now, zone)} {alert.Kind}: {alert.Text}{State(alert, now, zone)}", width - 1));

    private static string State(AlertView alert, DateTimeOffset now, TimeZoneInfo zone) => alert switch
    {
        { ResolvedAt: { } at } => $" (settled {Say.When(at, now, zone)}{(alert.DismissedBy is { } who ? ", dismissed by " + who : "")})",
        { DismissedAt: { } at } => $" (dismissed by {alert.DismissedBy} {Say.When(at, now, zone)})",
        { CanBeDismissed: false } => " (stays until it is mended)",
        _ => "",
    };
}
