using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>What is rented now, how hosts have behaved, and what the cards in use cost over time.</summary>
internal sealed class HostsPage() : OwnPage("Hosts & market", Addresses.Hosts)
{
    private const int MostLive = 60;
    private const int MostCards = 6;
    private const int MostHosts = 200;
    private static readonly TimeSpan _reach = TimeSpan.FromDays(7);

    protected override void Body(Html html)
    {
        html.Raw("<h1>Hosts &amp; market</h1>");
        Rented(html, Read(cancellation => Service<IJobReader>().RentedAsync(MostLive, cancellation)));
        var hosts = Read(Service<IHostDesk>().ListAsync);
        string[] cards = [.. hosts.Where(host => host.Gpu is not null).OrderByDescending(host => host.LastSeen).Select(host => host.Gpu!).Distinct(StringComparer.Ordinal).Take(MostCards)];
        Market(html, Read(cancellation => Service<IPageDesk>().PricesAsync(cards, _reach, cancellation)));
        Reputation(html, hosts);
    }

    private void Rented(Html html, ImmutableArray<RentedView> rows)
    {
        html.Heading("Rented now", rows.IsEmpty ? "Nothing." : null);
        if (rows.IsEmpty)
        {
            return;
        }

        var table = new Table(html, "What is rented now", "Host", "Job", "Cards", "Since", "#$/h", "#Cost", "If this server vanishes");
        foreach (var (job, attempt, leased) in rows)
        {
            table.Row(
                $"{attempt.Provider} {attempt.InstanceId}", Cell.Of(cell => cell.JobLink(job.Id, job.Name)), attempt.Gpu is null ? "no GPU" : $"{attempt.GpuCount} x {attempt.Gpu}, {attempt.Capacity}", When(attempt.From),
                attempt.PricePerHour.ToString("0.000", CultureInfo.InvariantCulture), "$" + Say.Dollars(attempt.Cost), leased is { } lease ? LeaseWords.Of(lease) : "it is a machine of yours: it costs nothing");
        }

        table.End();
    }

    private static void Market(Html html, ImmutableArray<PricePoint> prices)
    {
        html.Heading("Prices of the cards in use", "$ per card and hour, the lowest of all providers in each hour.");
        var kinds = prices.GroupBy(point => (point.Gpu, point.Capacity)).ToList();
        if (kinds.Count == 0)
        {
            html.Raw("<p class=\"empty\">No rented card was used yet, or no price of it was seen.</p>");
        }

        foreach (var card in kinds.GroupBy(kind => kind.Key.Gpu))
        {
            double[] instants = [.. card.SelectMany(kind => kind).Select(point => Seconds(point.At)).Distinct().Order()];
            var lines = card.Select(kind => (kind.Key.Capacity, At: kind.ToDictionary(point => Seconds(point.At), point => (double?)point.Lowest.Dollars))).ToList();
            html.Chart(new(
                card.Key, string.Join("; ", card.Select(kind => $"{Words.Kebab(kind.Key.Capacity)} now ${Price(kind.Last())}, from ${Price(kind.MinBy(point => point.Lowest.MicroDollars)!)} to ${Price(kind.MaxBy(point => point.Lowest.MicroDollars)!)}")) + ".", "$",
                [.. instants], [.. lines.Select(line => new ChartLine(Words.Kebab(line.Capacity), [.. instants.Select(at => line.At.GetValueOrDefault(at))]))]));
        }
    }

    private void Reputation(Html html, ImmutableArray<HostView> hosts)
    {
        html.Heading("Reputation", hosts.IsEmpty ? "Nothing is known of any host yet: no job has run." : null);
        if (hosts.IsEmpty)
        {
            return;
        }

        var table = new Table(html, "How each host has behaved", "Host", "Cards", "#Ready", "In", "Lived", "#Interruptions", "#Faults", "State");
        foreach (var host in hosts.OrderByDescending(host => host.Ban is not null).ThenByDescending(host => host.LastSeen).Take(MostHosts))
        {
            table.Row(
                host.Host, host.Gpu ?? "-", host.Launches > 0 ? $"{host.Launches - host.NeverReady}/{host.Launches}" : "-", host.ReadySeconds is { } seconds ? Say.For(TimeSpan.FromSeconds(seconds)) : "-",
                host.HoursLived > 0 ? Say.For(TimeSpan.FromHours(host.HoursLived)) : "-", Say.Count(host.Interruptions), Say.Count(host.Faults),
                host.Ban is { } ban ? Cell.Of(cell => cell.State("failed", "banned").Raw(" ").Text($"by {ban.By}" + (ban.Until is { } until ? $" until {When(until)}" : "") + (ban.Reason is { } why ? $": {why}" : ""))) : "ok");
        }

        table.End();
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private static string Price(PricePoint point) => point.Lowest.Dollars.ToString("0.000", CultureInfo.InvariantCulture);
}
