using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Orchestrator.Json;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>
/// A market to carry around: lines of JSON, the header first, then one offer a line with the instant it was seen. Gzipped or
/// plain. The version is taken strictly; members that a newer release has added are passed over.
/// </summary>
/// <param name="Header">The first line.</param>
/// <param name="Offers">In the order written.</param>
public sealed record MarketFile(MarketHeader Header, ImmutableArray<SeenOffer> Offers)
{
    private const int LongestLine = 64 * 1024;
    private const int MostOffers = 5_000_000;

    /// <exception cref="MarketFileException">It is none, or of another version.</exception>
    public static MarketFile Read(Stream stream)
    {
        try
        {
            using var plain = Unzipped(stream);
            using var reader = new StreamReader(plain, Encoding.UTF8);
            var header = ReadHeader(reader.ReadLine());
            var offers = ImmutableArray.CreateBuilder<SeenOffer>();
            for (var number = 2; reader.ReadLine() is { } line; number++)
            {
                if (line.Length > 0)
                {
                    offers.Add(ReadOffer(line, number));
                    if (offers.Count > MostOffers)
                    {
                        throw new MarketFileException($"the market file holds more than {MostOffers} offers: split it");
                    }
                }
            }

            return new MarketFile(header, offers.DrainToImmutable());
        }
        catch (InvalidDataException error)
        {
            throw new MarketFileException($"the market file is damaged: {error.Message}");
        }
    }

    public void Write(Stream stream, bool compress)
    {
        using var target = compress ? new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true) : null;
        Stream output = target is null ? stream : target;
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(JsonSerializer.Serialize(Header, CoreJson.Default.MarketHeader));
        foreach (var offer in Offers)
        {
            writer.WriteLine(JsonSerializer.Serialize(offer, CoreJson.Default.SeenOffer));
        }
    }

    private static Stream Unzipped(Stream stream)
    {
        var buffered = new BufferedStream(stream, 64 * 1024);
        if (!stream.CanSeek)
        {
            var all = new MemoryStream();
            buffered.CopyTo(all);
            all.Position = 0;
            return Unzipped(all);
        }

        var start = buffered.Position;
        var zipped = buffered.ReadByte() == 0x1F && buffered.ReadByte() == 0x8B;
        buffered.Position = start;
        return zipped ? new WholeGzipStream(buffered) : buffered;
    }

    private static MarketHeader ReadHeader(string? line)
    {
        MarketHeader? header;
        try
        {
            header = line is null or { Length: > LongestLine } ? null : JsonSerializer.Deserialize(line, CoreJson.Default.MarketHeader);
        }
        catch (JsonException)
        {
            header = null;
        }

        return header switch
        {
            null => throw new MarketFileException("this is no market file: its first line is no header (record one with: orchestrator offers --record FILE)"),
            { Format: MarketHeader.CurrentFormat } => header,
            _ => throw new MarketFileException($"the market file has format {header.Format}, this release reads {MarketHeader.CurrentFormat}: record it again"),
        };
    }

    /// <summary>As providers make them: cards by their one name, and what a file leaves out as on an open market.</summary>
    private static Offer Whole(Offer offer, string line, int number) => !Enum.IsDefined(offer.Tier) || !Enum.IsDefined(offer.Capacity) || !Enum.IsDefined(offer.HostKind)
        ? throw new MarketFileException($"line {number} of the market file names a tier, capacity or kind of host that this release does not know")
        : offer with
        {
            Tier = line.Contains("\"tier\":", StringComparison.Ordinal) ? offer.Tier : OfferTier.Marketplace,
            BillingUnit = offer.BillingUnit > TimeSpan.Zero ? offer.BillingUnit : TimeSpan.FromSeconds(1),
            Gpu = offer.Gpu is { } name ? GpuTable.Find(name, offer.GpuMemoryGB)?.Name ?? name : null,
            Until = offer.Until is { } until ? Possible(until, number) : null,
            ListedSince = offer.ListedSince is { } since ? Possible(since, number) : null,
            Labels = offer.Labels.IsDefault ? [] : offer.Labels,
        };

    /// <summary>Far enough from the ends of time that hours can be added.</summary>
    private static DateTimeOffset Possible(DateTimeOffset at, int number) =>
        at.Year is >= 2000 and < 2200 ? at : throw new MarketFileException($"line {number} of the market file has a time in the year {at.Year}");

    private static SeenOffer ReadOffer(string line, int number)
    {
        try
        {
            var seen = line.Length > LongestLine ? null : JsonSerializer.Deserialize(line, CoreJson.Default.SeenOffer);
            return seen is { Offer: not null }
                ? new(Possible(seen.At, number), Whole(seen.Offer, line, number))
                : throw new MarketFileException($"line {number} of the market file is no offer");
        }
        catch (JsonException error)
        {
            throw new MarketFileException($"line {number} of the market file is no offer: {error.Message}");
        }
    }
}
