using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Server.Cli;

/// <summary>A market that was recorded, as if it were there now.</summary>
internal static class RecordedOffers
{
    /// <summary>The last search of the file; ends of rentals move along with it, so that an old recording still plans.</summary>
    public static ImmutableArray<Offer> Newest(string path, DateTimeOffset now)
    {
        var seen = Read(path).Offers;
        if (seen.IsEmpty)
        {
            throw new CliException(ExitCodes.Usage, $"{path} holds no offer", "record one: orchestrator offers --record FILE");
        }

        var last = seen.Max(one => one.At);
        var shift = now - last;
        return [.. seen.Where(one => one.At == last).DistinctBy(one => (one.Offer.Provider, one.Offer.Id, one.Offer.Capacity)).Select(one => one.Offer with { Until = one.Offer.Until + shift, ListedSince = one.Offer.ListedSince + shift })];
    }

    private static MarketFile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return MarketFile.Read(file);
        }
        catch (MarketFileException wrong)
        {
            throw new CliException(ExitCodes.Usage, $"{path}: {wrong.Message}");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, Directory.Exists(path) ? $"{path} is a folder" : File.Exists(path) ? $"{path} cannot be read: {missing.Message}" : $"there is no file {path}",
                "record a market: orchestrator offers --record FILE");
        }
    }
}
