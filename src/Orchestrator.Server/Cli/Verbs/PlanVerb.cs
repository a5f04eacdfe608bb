using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Engine.Specs;
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
        var explain = new Option<string?>("--explain") { Description = "Every number of one offer and where it comes from, or \"rejected\": some rejected offers of each kind", HelpName = "OFFER" };
        var moved = new SizeOptions();
        return Verb.Create("plan", "Say which offer a job would take, what it would cost to finish and when; rents nothing", terminal, async (context, cancellation) =>
        {
            var spec = SpecFile.Read(context.Parsed.GetRequiredValue(file), context.Parsed.GetValue(sets) ?? []);
            SpecVerbs.Settings(spec.Sets);
            var word = context.Parsed.GetValue(explain);
            var offer = word == RejectedWord ? null : word;
            var (image, data) = moved.Of(context.Parsed);
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

            await PrintAsync(context, plan, word);
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
                [.. read.Problems.Select(problem => ProblemPrinter.Line(read.FileName, problem))]);
        }
        catch (DeskException refused)
        {
            throw new CliException(refused.Refusal == Refusal.Policy ? ExitCodes.Policy : ExitCodes.Usage, refused.Message, refused.WhatToDo);
        }
    }

    private static async Task PrintAsync(CliContext context, PlanReply plan, string? explain)
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
            RejectedWord => PlanView.Rejected(plan),
            not null when plan.Explained is { } choice => PlanView.Figures(choice, context.Terminal.Width, context.Terminal.Paint),
            _ => PlanView.Lines(plan, context.Terminal.Width, context.Terminal.Paint, context.Now, context.Terminal.Zone),
        });
    }
}
