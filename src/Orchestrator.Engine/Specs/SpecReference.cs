using System.Text;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>The reference page of the spec, generated from the field registry (job-templates/REFERENCE.md).</summary>
public static class SpecReference
{
    public static string Markdown()
    {
        var page = new StringBuilder("""
            # The job spec, version 1

            Generated from the field registry; a test compares the two. To change this page, change the registry.

            Keys are kebab-case (`_` is accepted as `-`). Sizes are decimal (`24GB` = 24 x 10^9 bytes); a bare size is a minimum,
            ranges are `24GB..80GB`. Durations: `90s`, `30m`, `1h30m`. Money: `0.60`, `$0.60`, `$0.60/h`. Shares: `99%` or `0.99`.
            Times: `2026-11-30T07:00+01:00`, or `Fri 22:00 Europe/Paris` for the next one; without a zone it is the submitter's.
            `${{ vars.x }}` and `${{ matrix.x }}` are filled in where `vars` and `strategy.matrix` define them.
            `orchestrator validate --show FILE` prints every value with its origin.

            Fields marked *later* are checked for shape; `validate` says so and `run` refuses them until they work.

            | field | type | default | works | known from | meaning |
            |---|---|---|---|---|---|

            """);
        foreach (var field in FieldRegistry.All)
        {
            page.Append($"| `{field.Path}` | {Cell(field.Type.Replace("'", "", StringComparison.Ordinal).Replace("|", ", ", StringComparison.Ordinal))} ")
                .Append($"| {Cell(field.Default)} | {(field.Landed ? "yes" : field.Reserved ? "reserved" : "*later*")} | {Cell(field.KnownFrom)} | {Cell(field.Description)} |\n");
        }

        page.Append("""

            ## What a checkpoint format sets

            | format | include | exclude | complete | resume-args |
            |---|---|---|---|---|

            """);
        foreach (var format in Enum.GetValues<CheckpointFormat>())
        {
            var usual = CheckpointFormats.Of(format);
            var complete = usual.Complete.Kind == CompletionKind.Marker ? $"marker `{usual.Complete.Marker}`" : $"settle {SpecValues.Format(usual.Complete.Settle)}";
            var name = format == CheckpointFormat.TorchDcp ? "torch-dcp" : format.ToString().ToLowerInvariant();
            page.Append($"| {name} | {Globs(usual.Include)} | {Globs(usual.Exclude)} | {complete} | {(usual.ResumeArgs is null ? "" : $"`{usual.ResumeArgs}`")} |\n");
        }

        return page.ToString();
    }

    private static string Globs(IEnumerable<string> globs) => string.Join(" ", globs.Select(glob => $"`{glob}`"));

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
