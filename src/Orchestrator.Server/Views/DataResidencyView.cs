using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator report --data-residency JOB</c>.</summary>
public static class DataResidencyView
{
    public static IEnumerable<string> Lines(DataResidency of, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(of);
        List<string> lines =
        [
            .. Prose.Lines("", string.Create(CultureInfo.InvariantCulture, $"{of.Name}#{of.Id}{(of.Sensitive ? " · sensitive" : "")} · {(of.Data.IsEmpty ? "no code and no data was sent" : string.Join(", ", of.Data))} · checkpoints and outputs in {of.Store ?? "the installation's own folder"}"), width - 1),
        ];
        if (of.Hosts.IsEmpty)
        {
            return [.. lines, of.Others == 0 ? "no host has held any of it" : Others(of)];
        }

        var table = new TextTable(new("ATTEMPT", 7, IsRight: true), new("HOST", 12), new("COUNTRY", 7), new("FROM", 5), new("TO", 5), new("WIPED", 5));
        foreach (var host in of.Hosts)
        {
            table.Add(
                [
                    host.Attempt.ToString(CultureInfo.InvariantCulture), host.Host is { } machine ? $"{machine} ({host.Instance})" : $"{host.Provider} {host.Instance}", host.Country ?? (host.Own ? "own machine" : "not known"),
                    Say.When(host.From, now, zone), host.Until is { } until ? Say.When(until, now, zone) : "now", host.Wiped switch { true => "yes", false => "NO", null => host.Until is null ? "not yet" : "not confirmed" },
                ],
                (column, cell) => column == 5 && host.Wiped != true ? paint.Warn(cell) : cell);
        }

        lines.AddRange(table.Lines(width, paint));
        lines.AddRange(of.Hosts.SelectMany(host => host.Known.SelectMany(word => Prose.Lines(
            string.Create(CultureInfo.InvariantCulture, $" {host.Attempt,3}  {Say.Moment(word.At, now, zone)}  "), word.Text, width - 1))));
        return of.Others > 0 ? [.. lines, Others(of)] : lines;
    }

    private static string Others(DataResidency of) => string.Create(
        CultureInfo.InvariantCulture, $"{of.Others} {(of.Others == 1 ? "host was" : "hosts were")} rented and never got so far as to be sent any of it");
}
