using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>A week's spending against its budgets, our meter against the bills, what is left, what was wasted.</summary>
internal sealed class MoneyPage() : OwnPage("Money", Addresses.Money)
{
    private const int Points = 168;
    private const int MostProviders = 5;
    private static readonly TimeSpan _reach = TimeSpan.FromDays(7);

    protected override void Body(Html html)
    {
        var since = Now - _reach;
        var cost = Read(cancellation => Service<IPageDesk>().CostAsync(since, cancellation));
        html.Raw("<h1>Money</h1><p class=\"lead\">What was there in the last seven days, by our own meter.</p><dl class=\"tiles\">")
            .Tile("Total", "$" + Say.Dollars(cost.Total.Total), cost.Allowed is { } allowed ? $"of ${Say.Dollars(allowed)} allowed" : "not all jobs have a limit")
            .Tile("Lost work", "$" + Say.Dollars(cost.Total.LostWork), "trained, and gone with its host")
            .Tile("Never booted", "$" + Say.Dollars(cost.Total.NeverBooted), "hosts that came to nothing")
            .Tile("On demand only", cost.OnDemand is { Unknown: 0 } full ? "$" + Say.Dollars(full.Cost) : "not known", cost.OnDemand is { } instead ? $"the same hours, instead of ${Say.Dollars(instead.Instead)}" : "")
            .Raw("</dl>");
        if (cost.Instances.IsEmpty)
        {
            html.Raw("<p class=\"empty\">Nothing was rented in that time.</p>");
        }
        else
        {
            html.Chart(Burn(cost, since));
            Providers(html, cost);
            html.Heading("By job");
            CostTables.Parts(html, "Where each job's money went", [.. cost.Jobs.Select(job => (job.Name.Length > 0 ? job.Name : "job", (long?)job.Id, job.Cost)), ("All", null, cost.Total)]);
        }

        Orphans(html, cost.Orphans);
        Accounts(html, Read(Service<IPageDesk>().AccountsAsync));
    }

    private Chart Burn(CostReply cost, DateTimeOffset since)
    {
        string[] providers = [.. cost.Providers.Select(one => one.Provider)];
        var all = BurnCurve.Of(cost.Instances, since, Now, Points);
        var lines = ImmutableArray.Create(new ChartLine("all", [.. all.Select(point => (double?)point.Spent)]));
        if (providers.Length > 1)
        {
            lines = lines.AddRange(providers.Take(MostProviders).Select(provider => new ChartLine(provider, [.. BurnCurve.Of(cost.Instances, since, Now, Points, provider).Select(point => (double?)point.Spent)])));
        }

        // A budget far above would press the curve to the ground.
        if (cost.Allowed is { } allowed && allowed < 4 * Math.Max(all[^1].Spent, 0.01m))
        {
            lines = lines.Add(new("budget", [.. all.Select(_ => (double?)allowed)]));
        }

        return new(
            "Spent over seven days", $"${Say.Dollars(all[^1].Spent)} in seven days" + (cost.Allowed is { } most ? $"; the jobs may spend ${Say.Dollars(most)} in all." : "."), "$",
            [.. all.Select(point => point.At.ToUnixTimeMilliseconds() / 1000.0)], lines) { FromZero = true };
    }

    private static void Providers(Html html, CostReply cost)
    {
        html.Heading("By provider, and what they bill");
        var table = new Table(html, "Our meter beside each provider's bill", "Provider", "#Our meter", "#Their bill", "Apart");
        foreach (var one in cost.Providers)
        {
            table.Row(
                one.Provider, "$" + Say.Dollars(one.Metered), one.Charged is { } charged ? "$" + Say.Dollars(charged) + (one.Open > 0 ? " so far" : "") : one.Open > 0 ? "none yet" : "-",
                one.Apart is { } apart ? Bits.Percent(apart) + (one.Differs ? ": look at it with orchestrator cost --job JOB" : "") : "-");
        }

        table.End();
    }

    private static void Orphans(Html html, ImmutableArray<CostOrphans> orphans)
    {
        foreach (var one in orphans)
        {
            html.Element("p", $"Orphans at {one.Provider}, in no row above: {one.Count}, ${Say.Dollars(one.Cost)}" + (one.Live > 0 ? $"; {one.Live} not known to be gone" : ""), one.Live > 0 ? "bad" : "about");
        }
    }

    private static void Accounts(Html html, ImmutableArray<AccountView> accounts)
    {
        html.Heading("Balance", accounts.IsEmpty ? "No accounts: nothing is rented." : null);
        if (accounts.IsEmpty)
        {
            return;
        }

        var table = new Table(html, "What is left at each provider", "Account", "#Left", "#Now", "#Instances", "Lasts");
        foreach (var one in accounts)
        {
            table.Row(
                $"{one.Name} ({one.Provider})", one.Left is { } left ? "$" + Say.Dollars(left) : "not told", Bits.PerHour(one.PerHour), one.Running.ToString(CultureInfo.InvariantCulture),
                one.Left is null || one.PerHour <= 0 ? "-" : one.LastsHours is { } hours ? Say.For(TimeSpan.FromHours(hours)) : "until all that runs is done");
        }

        table.End();
    }
}
