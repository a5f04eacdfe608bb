using System.Globalization;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>One checkpoint, and its files to be downloaded. Their list lies in the store, which is asked only where a person asks for it.</summary>
internal sealed class CheckpointPage(string job, string number) : OwnPage("Checkpoint", Addresses.Jobs)
{
    private const int MostFiles = 1_000;
    private static readonly TimeSpan _storesTime = TimeSpan.FromSeconds(8);

    protected override long? Job => long.Parse(job, CultureInfo.InvariantCulture);

    /// <summary>What was asked of the store does not change, and is not asked again every few seconds.</summary>
    protected override bool IsLive => !WantsFiles;

    private bool WantsFiles => Query("files") == "1";

    protected override void Body(Html html)
    {
        var (id, at) = (Job!.Value, int.Parse(number, CultureInfo.InvariantCulture));
        html.Raw("<p>").Link(Addresses.Job(id), "Back to the job").Raw("</p><h1>").Text($"Checkpoint {number}").Raw("</h1>");
        var all = Read(cancellation => Service<IJobReader>().CheckpointsAsync(id, cancellation));
        if (at < 1 || at > all.Length)
        {
            html.Raw("<p class=\"empty\">This job has no such checkpoint.</p>");
            return;
        }

        var found = all[at - 1];
        html.Raw("<dl class=\"facts\">").Fact("Entry", found.Entry).Fact("State", found.State).Fact("Step", found.Step is { } step ? Say.Count(step) : "-").Fact("Size", Say.Size(found.Bytes)).Fact("At", When(found.At))
            .Raw("</dl><p class=\"about\">All of them at once, compared with their hashes: <code>orchestrator fetch</code></p>");
        if (found.State != "committed")
        {
            return;
        }

        if (!WantsFiles)
        {
            html.Raw("<p>").Link(Addresses.Checkpoint(id, at) + "?files=1", "List its files", "button").Raw("</p><p class=\"about\">That asks the store.</p>");
            return;
        }

        Files(html, id, at);
    }

    private void Files(Html html, long id, int at)
    {
        CheckpointView? stored;
        try
        {
            stored = Read(cancellation => Service<IJobReader>().CheckpointAsync(id, at, cancellation), _storesTime);
        }
        catch (Exception silent) when (silent is TimeoutException or StoreException)
        {
            html.Element("p", silent is StoreException said ? $"The store has not given the list of files: {said.Message}" : "The store does not answer, and the list of files lies there.", "bad")
                .Raw("<p class=\"about\">The checkpoint is as safe as before: reload the page, or look at <code>orchestrator doctor</code>.</p>");
            return;
        }

        if (stored is null)
        {
            html.Raw("<p class=\"empty\">The store has no such checkpoint of this job any more.</p>");
            return;
        }

        var table = new Table(html, "Files of the checkpoint", "File", "#Size", "Hash");
        foreach (var file in stored.Files.Take(MostFiles))
        {
            table.Row(
                Cell.Of(cell => cell.Open("a", ("href", Addresses.File(id, file.Key)), ("download", Clean.Line(file.Path.Split('/')[^1], 120))).Text(file.Path).Raw("</a>")),
                Say.Size(file.Size), file.Hash is { Length: > 16 } hash ? hash[..16] + "…" : file.Hash);
        }

        table.End();
    }
}
