using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>Money split into what it was spent on, as <c>orchestrator cost</c> splits it.</summary>
internal static class CostTables
{
    internal static void Parts(Html html, string about, IReadOnlyList<(string Name, long? Job, CostParts Cost)> rows)
    {
        var table = new Table(html, about, "", "#Total", "#Compute", "#Disk", "#Moves", "#Lost work", "#Never booted");
        foreach (var (name, job, cost) in rows)
        {
            var cents = Cents.Of([cost.Compute, cost.Disk, cost.Moves, cost.LostWork, cost.NeverBooted]);
            table.Row(
                job is { } id ? Cell.Of(cell => cell.JobLink(id, name)) : name, "$" + Say.Dollars(cents.Sum()),
                Say.Dollars(cents[0]), Say.Dollars(cents[1]), Say.Dollars(cents[2]), Say.Dollars(cents[3]), Say.Dollars(cents[4]));
        }

        table.End();
    }
}
