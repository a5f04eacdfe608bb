using System.Globalization;

namespace Orchestrator.Benchmarks.Batches;

/// <summary>What the command line asks for.</summary>
internal sealed record BatchOptions
{
    /// <summary>Breaks one thing on purpose, so that the case which must notice fails.</summary>
    public const string LostJob = "lost-job";

    public bool Json { get; private init; }

    public long Seed { get; private init; } = 1;

    public int Jobs { get; private init; } = 1000;

    public string? Sabotage { get; private init; }

    /// <summary>Null = told on <paramref name="error"/> what is wrong.</summary>
    public static BatchOptions? Parse(ReadOnlySpan<string> arguments, TextWriter error)
    {
        var options = new BatchOptions();
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
                case "--jobs" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs is >= 10 and <= 1000:
                    options = options with { Jobs = jobs };
                    i++;
                    break;
                case "--sabotage" when value is LostJob:
                    options = options with { Sabotage = value };
                    i++;
                    break;
                default:
                    error.WriteLine($"benchmark batch: \"{arguments[i]} {value}\" is not known; usage: [--json] [--seed N] [--jobs N] [--sabotage {LostJob}]");
                    return null;
            }
        }

        return options;
    }
}
