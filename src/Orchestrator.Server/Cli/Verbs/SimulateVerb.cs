using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Views;
using Orchestrator.Simulation.CantBeLate;
using Orchestrator.Simulation.Fitting;
using Orchestrator.Simulation.MultiZone;
using Orchestrator.Simulation.Traces;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>simulate</c>: the deadline rule on recorded markets, beside published policies. It needs no server.</summary>
internal static class SimulateVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("simulate", "Ask what a job will cost and when it will be done, over many worlds; the sub-verbs run the deadline rule on recorded markets");
        group.Subcommands.Add(CantBeLate(terminal));
        group.Subcommands.Add(MultiZone(terminal));
        group.Subcommands.Add(Fit(terminal));
        return group;
    }

    private static Command CantBeLate(Terminal terminal)
    {
        var traces = Traces("Folder of ENVIRONMENT/…/*.json in the format of \"Can't Be Late\"; left out: the published set");
        var (work, deadline, overhead) = (Hours("--work", "Work; left out with the other two: the twelve published variants"), Hours("--deadline", "Deadline"), Hours("--overhead", "From renting until work goes on"));
        return Verb.Create("cant-be-late", "One place: interruptible or on-demand, tick by tick (NSDI'24)", terminal, (context, _) =>
        {
            var environments = Readable(() => EnvironmentWindows.Of(context.Parsed.GetValue(traces) is { } folder ? TraceFiles.Below(folder) : TraceFiles.CantBeLate()));
            if (environments.IsEmpty)
            {
                throw new CliException(ExitCodes.Usage, "no environment there", "every environment is a folder of its own below --traces");
            }

            var variants = Variant.Published;
            if (context.Parsed.GetValue(work) is not null || context.Parsed.GetValue(deadline) is not null || context.Parsed.GetValue(overhead) is not null
                || !variants.SelectMany(v => v.Environments).All(environments.ContainsKey))
            {
                var (hours, until, start) = (context.Parsed.GetValue(work) ?? 48, context.Parsed.GetValue(deadline) ?? 52, context.Parsed.GetValue(overhead) ?? 0.2);
                Possible(hours, until, start);
                variants = Variant.Of([.. environments.Keys], hours, until, start);
            }

            var report = Readable(() => Comparison.Run(environments, variants));
            if (report.Variants.IsEmpty)
            {
                throw new CliException(ExitCodes.Usage, "no recording there is as long as the deadline", "name a nearer --deadline or longer traces");
            }

            if (context.Json)
            {
                context.PrintJson(report);
            }
            else
            {
                context.Print(SimulationTables.CantBeLate(report, terminal.Width, terminal.Paint));
            }

            return Task.FromResult(report.Variants.Concat(report.HeldOut).Concat(report.Reversed).Any(row => row.Misses > 0) ? ExitCodes.JobFailed : ExitCodes.Done);
        }, traces, work, deadline, overhead);
    }

    private static Command MultiZone(Terminal terminal)
    {
        var traces = Traces("Folder of ZONE_CARD.json with prices, in SkyNomad's format; left out: its AWS V100 set");
        var zones = new Option<string>("--zones") { Description = "Zones to choose from, with commas", HelpName = "LIST", DefaultValueFactory = _ => "us-east-1c,us-east-2b,us-west-2a" };
        var (work, deadline, overhead) = (Hours("--work", "Work (39.94)"), Hours("--deadline", "Deadline (59.91)"), Hours("--overhead", "From renting until work goes on (0.2)"));
        var checkpoint = new Option<double>("--checkpoint") { Description = "Size of what moves with the job", HelpName = "GB", DefaultValueFactory = _ => 50 };
        var windows = new Option<string?>("--windows") { Description = "Which windows, counted in deadlines from the start of the traces (the published set: 3,5,7,8,14; else all)", HelpName = "LIST" };
        return Verb.Create("multi-zone", "Several zones: availability is learned by trying (SkyNomad, arXiv 2601.06520)", terminal, (context, _) =>
        {
            var (hours, until, start) = (context.Parsed.GetValue(work) ?? 39.94, context.Parsed.GetValue(deadline) ?? 59.91, context.Parsed.GetValue(overhead) ?? 0.2);
            Possible(hours, until, start);
            var gigabytes = context.Parsed.GetValue(checkpoint);
            if (!(gigabytes is >= 0 and <= 1e6))
            {
                throw new CliException(ExitCodes.Usage, $"a checkpoint of {gigabytes} GB cannot be", "gigabytes from 0 to 1000000");
            }

            var folder = context.Parsed.GetValue(traces);
            var chosen = Readable(() => ZoneFiles.Read(folder is null ? TraceFiles.AwsV100() : TraceFiles.Below(folder), context.Parsed.GetValue(zones)!.Split(',')));
            var setup = new MultiZoneSetup(chosen, hours * 3600, until * 3600, start * 3600, gigabytes);
            var report = ZoneComparison.Run(setup, WindowsOf(setup, context.Parsed.GetValue(windows) ?? (folder is null ? "3,5,7,8,14" : null)));
            if (context.Json)
            {
                context.PrintJson(report);
            }
            else
            {
                context.Print(SimulationTables.MultiZone(report, terminal.Width, terminal.Paint));
            }

            return Task.FromResult(report.Policies.Any(policy => policy.Name == ZoneComparison.Ours && policy.Misses > 0) ? ExitCodes.JobFailed : ExitCodes.Done);
        }, traces, zones, work, deadline, overhead, checkpoint, windows);
    }

    /// <summary>Windows as ticks to start at.</summary>
    private static ImmutableArray<int> WindowsOf(MultiZoneSetup setup, string? list)
    {
        var fit = setup.Zones.Min(zone => zone.Length) / setup.Ticks;
        if (fit == 0)
        {
            throw new CliException(ExitCodes.Usage, "the traces are shorter than the deadline", "name a nearer --deadline or longer traces");
        }

        // Each once: one that is named twice would count twice in the means.
        return list is null
            ? [.. Enumerable.Range(0, fit).Select(number => number * setup.Ticks)]
            : [.. list.Split(',').Select(text => int.TryParse(text, out var number) && number >= 0 && number < fit
                ? number * setup.Ticks
                : throw new CliException(ExitCodes.Usage, $"there is no window \"{text}\"", $"the traces hold windows 0 to {fit - 1} of that deadline")).Distinct()];
    }

    /// <summary>Hidden: for whoever changes the constants of <c>AvailabilityModels</c>.</summary>
    private static Command Fit(Terminal terminal)
    {
        var traces = Traces("Folder of ENVIRONMENT/…/*.json; left out: the published set");
        var seed = new Option<ulong>("--seed") { Description = "Where the search starts", DefaultValueFactory = _ => 78 };
        var up = new Option<int>("--up") { Description = "Ways of being up", DefaultValueFactory = _ => 5 };
        var down = new Option<int>("--down") { Description = "Ways of being away", DefaultValueFactory = _ => 5 };
        var command = Verb.Create("fit-availability", "Print the constants of the availability model, from the first half of recordings", terminal, (context, _) =>
        {
            var environments = Readable(() => EnvironmentWindows.Of(context.Parsed.GetValue(traces) is { } folder ? TraceFiles.Below(folder) : TraceFiles.CantBeLate()));
            bool[][] halves = [.. environments.Values.Select(windows => windows.FirstHalf())];
            var step = environments.Values.First().All(0)[0].GapSeconds;
            var (model, likelihood) = AvailabilityFit.Fit(halves, step, context.Parsed.GetValue(up), context.Parsed.GetValue(down), context.Parsed.GetValue(seed));
            var chances = model.Over(step);
            context.Print(Enumerable.Range(0, model.States).Select(from => $"[{string.Join(", ", Enumerable.Range(0, model.States).Select(to => $"{chances[from, to]:F4}"))}],").Append($"log-likelihood {likelihood:F1}"));
            return Task.FromResult(ExitCodes.Done);
        }, traces, seed, up, down);
        command.Hidden = true;
        return command;
    }

    /// <summary>A trace that cannot be read is a mistake of whoever named it.</summary>
    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is InvalidDataException || (wrong as AggregateException)?.InnerException is InvalidDataException)
        {
            throw new CliException(ExitCodes.Usage, (wrong.InnerException as InvalidDataException ?? wrong).Message, "");
        }
    }

    private static void Possible(double work, double deadline, double overhead)
    {
        if (!(work > 0) || !(overhead >= 0) || !(deadline >= work + overhead) || deadline > 24 * 60)
        {
            throw new CliException(ExitCodes.Usage, $"{work} h of work with {overhead} h to start cannot be done by {deadline} h", "hours: --work above 0, --overhead at least 0, --deadline at least their sum");
        }
    }

    private static Option<string?> Traces(string description) => new("--traces") { Description = description, HelpName = "DIR" };

    private static Option<double?> Hours(string name, string description) => new(name) { Description = description, HelpName = "HOURS" };
}
