using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Offers;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>market</c>: prices now against usual, per card.</summary>
internal static class MarketVerb
{
    internal static Command Create(Terminal terminal)
    {
        var cards = new Argument<string[]>("card") { Description = "Only these cards, by any of their names: 4090, A100-80GB", HelpName = "CARD", Arity = ArgumentArity.ZeroOrMore };
        return Verb.Create("market", "Say what cards cost now, against what they usually cost", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var market = await api.GetAsync<MarketReply>("market/prices", cancellation);
            var wanted = (context.Parsed.GetValue(cards) ?? []).Select(name => GpuTable.Find(name)?.Name ?? name).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
            market = wanted.IsEmpty ? market : market with { Cards = market.Cards.RemoveAll(card => card.Gpu is null || !wanted.Contains(card.Gpu)) };
            if (context.Json)
            {
                context.PrintJson(market);
            }
            else
            {
                context.Print(MarketTable.Lines(market, terminal.Width, terminal.Paint, context.Now, terminal.Zone));
            }

            return ExitCodes.Done;
        }, cards);
    }
}
