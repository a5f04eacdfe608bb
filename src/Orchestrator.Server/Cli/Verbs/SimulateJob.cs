using System.CommandLine;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Simulation.Markets;
using Orchestrator.Simulation.Reports;
using Orchestrator.Simulation.Worlds;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>simulate job.yaml</c>: what a job will cost and when it will be done, over many worlds. It needs no server and spends nothing.</summary>
internal static class SimulateJob
{
    private const int MostWorlds = 100_000;

    /// <summary>Makes the verb itself do this; its sub-verbs stay.</summary>
    internal static Command AddTo(Command simulate, Terminal terminal)
    {
        // Optional, or the sub-verbs would ask for it too.
        var file = new Argument<string?>("file") { Description = "The job's YAML file; it needs an estimate", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
        var sets = SpecVerbs.Sets();
        var worlds = new Option<int>("--worlds") { Description = "How many worlds", HelpName = "N", DefaultValueFactory = _ => 1000 };
        var seed = new Option<long>("--seed") { Description = "The same seed gives the same report", HelpName = "N", DefaultValueFactory = _ => 1 };
        var offers = new Option<string?>("--offers") { Description = "A recorded market for all worlds; left out: each world generates its own", HelpName = "FILE" };
        var start = new Option<string?>("--start") { Description = "When the job is submitted, as 2026-11-20T18:00Z; left out: now, or when the market was recorded", HelpName = "TIME" };
        var moved = new SizeOptions();
        var svg = new Option<string?>("--svg") { Description = "Write a picture of cost and finish", HelpName = "FILE" };
        simulate.Arguments.Add(file);
        foreach (var option in new Option[] { sets, worlds, seed, offers, start, moved.Image, moved.Data, svg })
        {
            simulate.Options.Add(option);
        }

        simulate.SetAction((parsed, cancellation) =>
        {
            var context = new CliContext(parsed, terminal);
            var path = parsed.GetValue(file) ?? throw new CliException(ExitCodes.Usage, "simulate needs a job's YAML file", "orchestrator simulate job.yaml --worlds 1000");
            var count = parsed.GetValue(worlds) is var wanted and >= 1 and <= MostWorlds
                ? wanted
                : throw new CliException(ExitCodes.Usage, $"--worlds must be between 1 and {MostWorlds}", "a thousand tell the mean to a few percent");
            var market = parsed.GetValue(offers) is { } recorded ? new RecordedMarket(RecordedOffers.Read(recorded)) : null;
            var submitted = parsed.GetValue(start) is { } text ? StartOf(text) : market?.Start ?? context.Now;
            var (image, data) = moved.Of(parsed);
            var sizes = new WorkSizes { Image = image, Data = data };
            var job = JobOf(context, path, parsed.GetValue(sets) ?? [], submitted, sizes);
            var report = Simulator.Run(job, market, new SimulationOptions { Worlds = count, Seed = parsed.GetValue(seed) }, cancellation);
            Print(context, report, parsed.GetValue(svg));
            return Task.FromResult(report.Policies[0].Succeeded > 0 ? ExitCodes.Done : ExitCodes.Policy);
        });
        return simulate;
    }

    private static SimulatedJob JobOf(CliContext context, string path, string[] sets, DateTimeOffset start, WorkSizes sizes)
    {
        var source = SpecFile.Read(path, sets);
        var result = SpecFile.Parse(context, source, start);
        if (result.Spec is not { } spec)
        {
            context.Terminal.Error.Write(ProblemPrinter.Print(result));
            throw new CliException(ExitCodes.Usage, $"{path} has errors", $"orchestrator validate {path}");
        }

        return spec.Estimate is null
            ? throw new CliException(ExitCodes.Usage, $"{path} does not say how long the work takes", "add a line such as  estimate: 6h on RTX 4090  or  --set \"estimate=6h on RTX 4090\"")
            : SimulatedJob.Of(spec, TermsBuilder.Build(spec, start), start, sizes with { Data = sizes.Data ?? LocalSizes.Of(spec, source.Folder) });
    }

    private static void Print(CliContext context, SimulationReport report, string? svg)
    {
        if (svg is not null)
        {
            File.WriteAllText(svg, ReportSvg.Of(report));
        }

        if (context.Json)
        {
            context.PrintJson(report);
        }
        else
        {
            context.Print(ReportText.Lines(report));
        }

        if (report.Policies[0] is { Succeeded: 0, Runs: [var first, ..] })
        {
            context.Terminal.Error.WriteLine($"the job succeeded in no world; in the first one: {first.Why}");
        }
    }

    private static DateTimeOffset StartOf(string text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) && at.Year is >= 2000 and < 2200
            ? at.ToUniversalTime()
            : throw new CliException(ExitCodes.Usage, $"--start \"{text}\" is no time of these two centuries", "write 2026-11-20T18:00Z");
}
