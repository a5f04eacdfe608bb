using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Submitting;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
using Orchestrator.Server.Api;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>plan</c>: what finishing a job would cost, and where; spends nothing.</summary>
internal static class PlanVerb
{
    private const string RejectedWord = "rejected";

    internal static Command Create(Terminal terminal)
    {
        var file = SpecVerbs.File();
        var sets = SpecVerbs.Sets();
        var market = new Option<string?>("--offers") { Description = "Plan over a recorded market (offers --record FILE) instead of a live one; starts no server", HelpName = "FILE" };
        var explain = new Option<string?>("--explain") { Description = "Every number of one offer and where it comes from; OFFER is its rank, PROVIDER/ID or host. Or \"rejected\": some rejected offers of each kind", HelpName = "OFFER" };
        var moved = new SizeOptions();
        return Verb.Create("plan", "Say which offer a job would take, what it would cost to finish and when; rents nothing", terminal, async (context, cancellation) =>
        {
            var spec = SpecFile.Read(context.Parsed.GetRequiredValue(file), context.Parsed.GetValue(sets) ?? []);
            SpecVerbs.Settings(spec.Sets);
            var word = context.Parsed.GetValue(explain);
            var offer = word == RejectedWord ? null : word;
            var (image, data) = moved.Of(context.Parsed);
            data ??= SpecFile.Parse(context, spec, context.Now).Spec is { } job ? LocalSizes.Of(job, spec.Folder) : null;
            var ask = new PlanAsk(spec, offer) { ImageBytes = image?.Bytes, DataBytes = data?.Bytes };
            PlanReply plan;
            if (context.Parsed.GetValue(market) is { } recorded)
            {
                plan = PlanOver(context, ask, recorded);
            }
            else
            {
                using var api = await context.ConnectAsync(cancellation);
                plan = await api.PostAsync<PlanReply>("plan", ask, cancellation);
            }

            await PrintAsync(context, plan, word, RunOf(spec));
            return plan.Choices.IsEmpty ? ExitCodes.Policy : ExitCodes.Done;
        }, file, sets, market, explain, moved.Image, moved.Data);
    }

    private static PlanReply PlanOver(CliContext context, PlanAsk ask, string market)
    {
        var read = SpecFile.Parse(context, ask.Spec, context.Now);
        if (read.Spec is not { } spec || read.HasErrors)
        {
            throw new CliException(ExitCodes.Usage, "the spec cannot be planned", lines: [.. read.Problems.Select(problem => ProblemPrinter.Line(read.FileName, problem))]);
        }

        try
        {
            return PlanReplies.Make(
                spec, ask.WithSizes(PlanRequests.Of(spec, WorkKnown.Nothing, context.Now)), RecordedOffers.Newest(market, context.Now), MarketMemory.Empty, ask.Explain,
                PlanAround.Nothing with { Notes = [.. read.Problems.Select(problem => ProblemPrinter.Line(read.FileName, problem))] });
        }
        catch (DeskException refused)
        {
            throw new CliException(refused.Refusal == Refusal.Policy ? ExitCodes.Policy : ExitCodes.Usage, refused.Message, refused.WhatToDo);
        }
    }

    /// <summary>As it can be typed: a shell takes quoted words as they are.</summary>
    private static string RunOf(Api.SubmitRequest spec) => string.Join(' ', new[] { "orchestrator run", Typed(spec.FileName) }.Concat(spec.Sets.Select(set => "--set " + Typed(set))));

    private static string Typed(string word) => word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or '=' or ':') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static async Task PrintAsync(CliContext context, PlanReply plan, string? explain, string run)
    {
        if (context.Json)
        {
            context.PrintJson(plan);
            return;
        }

        foreach (var note in plan.Notes)
        {
            await context.Terminal.Error.WriteLineAsync(Clean.Line(note, 1_000));
        }

        context.Print(explain switch
        {
            RejectedWord => PlanView.Rejected(plan, context.Terminal.Width),
            not null when plan.Explained is { } choice => PlanView.Figures(choice, context.Terminal.Width, context.Terminal.Paint),
            _ => PlanView.Lines(plan, context.Terminal.Width, context.Terminal.Paint, context.Now, context.Terminal.Zone, run),
        });
    }
}
