using System.Globalization;

namespace Orchestrator.Benchmarks.Planning;

/// <summary>What the command line asks for.</summary>
internal sealed record PlanningOptions
{
    /// <summary>Breaks one thing on purpose, so that the case which must notice fails.</summary>
    public const string LostOffer = "lost-offer";
    public const string OtherSeed = "other-seed";

    public bool Json { get; private init; }

    public long Seed { get; private init; } = 1;

    public int Offers { get; private init; } = 50_000;

    public int Worlds { get; private init; } = 1000;

    public string? Sabotage { get; private init; }

    /// <summary>Null = told on <paramref name="error"/> what is wrong.</summary>
    public static PlanningOptions? Parse(ReadOnlySpan<string> arguments, TextWriter error)
    {
        var options = new PlanningOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--seed" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    i++;
                    break;
                case "--offers" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var offers) && offers is >= 100 and <= 1_000_000:
                    options = options with { Offers = offers };
                    i++;
                    break;
                case "--worlds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var worlds) && worlds is >= 1 and <= 100_000:
                    options = options with { Worlds = worlds };
                    i++;
                    break;
                case "--sabotage" when value is LostOffer or OtherSeed:
                    options = options with { Sabotage = value };
                    i++;
                    break;
                default:
                    error.WriteLine($"benchmark planning: \"{arguments[i]} {value}\" is not known; usage: [--json] [--seed N] [--offers N] [--worlds N] [--sabotage {LostOffer}|{OtherSeed}]");
                    return null;
            }
        }

        return options;
    }
}
