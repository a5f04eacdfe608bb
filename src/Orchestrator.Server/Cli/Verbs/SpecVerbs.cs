using System.CommandLine;
using System.Collections.Immutable;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Rehearsing;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Verbs about specs that need no server.</summary>
internal static class SpecVerbs
{
    internal static Argument<string> File() => new("file") { Description = "The job's YAML file", HelpName = "FILE" };

    internal static Option<string[]> Sets() => new("--set") { Description = "Override a field: --set budget.max-total=5", HelpName = "PATH=VALUE" };

    internal static Command Validate(Terminal terminal)
    {
        var file = File();
        var show = new Option<bool>("--show") { Description = "Print the expanded spec and where each value comes from" };
        var sets = Sets();
        return Verb.Create("validate", "Check a job's YAML file; starts nothing", terminal, async (context, cancellation) =>
        {
            var source = SpecFile.Read(context.Parsed.GetRequiredValue(file), context.Parsed.GetValue(sets) ?? []);
            var result = SpecFile.Parse(context, source, context.Now);
            var stamp = result.HasErrors || result.Spec?.Checkpoints is null ? null : await StampLine.AskAsync(context, source, cancellation);
            var folder = result is { HasErrors: false, Spec: { } spec } && context.ChosenServer is null ? FolderStoreNote.IfRented(context.Configuration(), spec) : null;
            Print(context, result, context.Parsed.GetValue(show), stamp, folder);
            return result.HasErrors ? ExitCodes.Usage : ExitCodes.Done;
        }, file, show, sets);
    }

    internal static Command Schema(Terminal terminal) => Verb.Create("schema", "Print the JSON schema of job files, for editors", terminal, (_, _) =>
    {
        terminal.Out.WriteLine(SpecSchema.Json());
        return Task.FromResult(ExitCodes.Done);
    });

    internal static ImmutableArray<SpecSetting> Settings(IEnumerable<string> sets) =>
    [
        .. sets.Select(text => SpecSetting.Parse(text) ?? throw new CliException(ExitCodes.Usage, $"--set {text} has no value", "write --set path=value")),
    ];

    private static void Print(CliContext context, SpecReadResult result, bool show, RehearsalStamp? stamp, string? folder)
    {
        if (context.Json)
        {
            context.PrintJson(new
            {
                valid = !result.HasErrors,
                problems = result.Problems.Select(problem => new SpecProblem(
                    problem.Line, problem.Column,
                    problem.Severity == Severity.Error ? "error" : result.Unavailable.Contains(problem) ? "not-available" : "note",
                    ProblemPrinter.Line(result.FileName, problem))),
                fires = Firings(result, context.Now),
                rehearsal = stamp,
                store = folder,
                spec = show ? result.ExpandedView.Select(value => new { path = value.Path, value = value.Value, origin = Words.Of(value.Origin) }) : null,
            });
            return;
        }

        context.Terminal.Out.Write(ProblemPrinter.Print(result));
        if (!result.HasErrors)
        {
            if (result.Spec?.Schedule is { Cron: not null, Zone: var zone })
            {
                var instants = Firings(result, context.Now).Select(at => Views.Say.When(at, context.Now, Calendar.Zone(zone)!));
                context.Terminal.Out.Write($"{result.FileName}: runs at {string.Join(", ", instants)} ({zone}), and so on\n");
            }

            if (stamp is not null)
            {
                context.Terminal.Out.Write($"{result.FileName}: {Views.RehearsalView.Stamp(stamp, context.Terminal.Zone)}\n");
            }

            if (folder is not null)
            {
                context.Terminal.Out.Write($"{result.FileName}: note: {folder}\n");
            }

            context.Terminal.Out.Write(show ? ExpandedSpecPrinter.Print(result) : $"{result.FileName}: ok\n");
        }
    }

    /// <summary>The first instants of a series; none of a single job.</summary>
    private static ImmutableArray<DateTimeOffset> Firings(SpecReadResult result, DateTimeOffset now) =>
        result.Spec?.Schedule is { Cron: { } cron, Zone: var zone } ? [.. CronCalendar.From(cron, Calendar.Zone(zone)!, now).Take(SpecReader.Firings)] : [];
}
