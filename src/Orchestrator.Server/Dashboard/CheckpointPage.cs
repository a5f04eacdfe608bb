using System.Globalization;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>The files of one checkpoint, to be downloaded.</summary>
internal sealed class CheckpointPage(string job, string number) : OwnPage("Checkpoint", Addresses.Jobs)
{
    private const int MostFiles = 1_000;

    protected override long? Job => long.Parse(job, CultureInfo.InvariantCulture);

    protected override void Body(Html html)
    {
        var id = Job!.Value;
        html.Raw("<p>").Link(Addresses.Job(id), "Back to the job").Raw("</p><h1>").Text($"Checkpoint {number}").Raw("</h1>");
        var found = Read(cancellation => Service<IJobReader>().CheckpointAsync(id, int.Parse(number, CultureInfo.InvariantCulture), cancellation));
        if (found is null)
        {
            html.Raw("<p class=\"empty\">The store has no such checkpoint of this job.</p>");
            return;
        }

        html.Raw("<dl class=\"facts\">").Fact("Entry", found.Entry).Fact("Step", found.Step is { } step ? Say.Count(step) : "-").Fact("Size", Say.Size(found.Bytes)).Fact("At", When(found.At))
            .Raw("</dl><p class=\"about\">All of them at once, compared with their hashes: <code>orchestrator fetch</code></p>");
        var table = new Table(html, "Files of the checkpoint", "File", "#Size", "Hash");
        foreach (var file in found.Files.Take(MostFiles))
        {
            table.Row(
                Cell.Of(cell => cell.Open("a", ("href", Addresses.File(id, file.Key)), ("download", Clean.Line(file.Path.Split('/')[^1], 120))).Text(file.Path).Raw("</a>")),
                Say.Size(file.Size), file.Hash is { Length: > 16 } hash ? hash[..16] + "…" : file.Hash);
        }

        table.End();
    }
}
