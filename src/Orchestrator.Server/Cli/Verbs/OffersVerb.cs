using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Offers;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>offers</c>: what can be rented now, to look at or to keep.</summary>
internal static class OffersVerb
{
    internal static Command Create(Terminal terminal)
    {
        var record = new Option<string?>("--record") { Description = "Write the whole market to a file that plan --offers reads (gzipped when its name ends in .gz)", HelpName = "FILE" };
        return Verb.Create("offers", "List what can be rented now", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            if (context.Parsed.GetValue(record) is { } path)
            {
                var seen = await api.GetAsync<ImmutableArray<SeenOffer>>("market", cancellation);
                Write(path, seen);
                context.Print([$"{seen.Length} offer{(seen.Length == 1 ? "" : "s")} in {path}"]);
                return ExitCodes.Done;
            }

            var offers = await api.GetAsync<ImmutableArray<OfferView>>("offers", cancellation);
            if (context.Json)
            {
                context.PrintJson(offers);
            }
            else
            {
                context.Print(Tables.Offers(offers, context.Terminal.Width, context.Terminal.Paint));
            }

            return ExitCodes.Done;
        }, record);
    }

    private static void Write(string path, ImmutableArray<SeenOffer> seen)
    {
        var header = new MarketHeader
        {
            Format = MarketHeader.CurrentFormat,
            Source = "recorded from " + string.Join(", ", seen.Select(one => one.Offer.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            At = seen.IsEmpty ? null : seen[0].At,
        };
        using var file = File.Create(path);
        new MarketFile(header, seen).Write(file, compress: path.EndsWith(".gz", StringComparison.Ordinal));
    }
}
