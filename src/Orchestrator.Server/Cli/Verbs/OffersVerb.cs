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
        var groupBy = new Option<string?>("--group-by") { Description = "Count by these instead, with commas: gpu, provider, region, capacity", HelpName = "KEYS" };
        var filter = new OfferFilter();
        return Verb.Create("offers", "List what can be rented now, cheapest first", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var keys = context.Parsed.GetValue(groupBy) is { } grouped ? OfferGroups.Keys(grouped) : [];
            if (context.Parsed.GetValue(record) is { } path)
            {
                if (filter.IsGiven(context.Parsed) || keys.Length > 0)
                {
                    throw new CliException(ExitCodes.Usage, "--record keeps the whole market", "leave the other options out: plan --offers filters by the spec");
                }

                var seen = await api.GetAsync<ImmutableArray<SeenOffer>>("market", cancellation);
                Write(path, seen);
                context.Print([$"{seen.Length} offer{(seen.Length == 1 ? "" : "s")} in {path}"]);
                return ExitCodes.Done;
            }

            var all = await api.GetAsync<ImmutableArray<OfferView>>("offers", cancellation);
            // Beside the list, which stays an array: what is missing there is told to whoever runs this, --json or not.
            foreach (var gap in Tables.Gaps(await api.GetAsync<ImmutableArray<string>>("offers/gaps", cancellation)))
            {
                await context.Terminal.Error.WriteLineAsync(gap);
            }

            ImmutableArray<OfferView> offers =
            [
                .. filter.Of(context.Parsed, all).OrderBy(offer => offer.PricePerHour).ThenBy(offer => offer.Provider, StringComparer.Ordinal).ThenBy(offer => offer.Id, StringComparer.Ordinal),
            ];
            if (context.Json)
            {
                context.PrintJson<object>(keys.IsEmpty ? offers : OfferGroups.Of(offers, keys));
            }
            else if (offers.IsEmpty && !all.IsEmpty)
            {
                context.Print([$"none of {all.Length} offers is like that"]);
            }
            else
            {
                context.Print(keys.IsEmpty || offers.IsEmpty
                    ? Tables.Offers(offers, context.Terminal.Width, context.Terminal.Paint)
                    : Tables.OfferGroups(OfferGroups.Of(offers, keys), keys, context.Terminal.Width, context.Terminal.Paint));
            }

            return ExitCodes.Done;
        }, [record, groupBy, .. filter.Options]);
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
