using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Server.Cli;

/// <summary>Markets that <c>offers --record</c> wrote, in words for whoever names a file that is none.</summary>
internal static class RecordedOffers
{
    private const string Record = "record a market: orchestrator offers --record FILE";

    /// <summary>The last search of the file as if it were there now; ends of rentals move along with it, so that an old recording still plans.</summary>
    public static ImmutableArray<Offer> Newest(string path, DateTimeOffset now)
    {
        var seen = Read(path).Offers;
        var last = seen.Max(one => one.At);
        var shift = now - last;
        return [.. seen.Where(one => one.At == last).DistinctBy(one => (one.Offer.Provider, one.Offer.Id, one.Offer.Capacity)).Select(one => one.Offer with { Until = one.Offer.Until + shift, ListedSince = one.Offer.ListedSince + shift })];
    }

    /// <summary>The whole recording, which holds an offer at least.</summary>
    public static MarketFile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var market = MarketFile.Read(file);
            return market.Offers.IsEmpty ? throw new CliException(ExitCodes.Usage, $"{path} holds no offer", Record) : market;
        }
        catch (MarketFileException wrong)
        {
            throw new CliException(ExitCodes.Usage, $"{path}: {wrong.Message}", "name a file that orchestrator offers --record wrote");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, Directory.Exists(path) ? $"{path} is a folder" : File.Exists(path) ? $"{path} cannot be read: {missing.Message}" : $"there is no file {path}", Record);
        }
    }
}
