using System.Globalization;

namespace Orchestrator.Drills;

/// <summary>What the drill was asked for.</summary>
public sealed record CrashDrillOptions
{
    private static readonly string[] Sabotages = ["no-label-lookup", "no-fencing", "manifest-first", "no-change-check"];

    public int Seed { get; init; } = 1;

    /// <summary>A safety rule that is broken on purpose; only the cases that must show it run.</summary>
    public string? Sabotage { get; init; }

    /// <summary>Names or their beginnings; empty = all.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>On a machine that is reached over SSH, instead of the local provider.</summary>
    public bool IsOverSsh { get; init; }

    public bool List { get; init; }

    /// <summary>Leaves data folder and processes for a person to look at.</summary>
    public bool Keep { get; init; }

    public static CrashDrillOptions? Parse(IReadOnlyList<string> arguments, TextWriter problems)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(problems);
        var options = new CrashDrillOptions();
        for (var at = 0; at < arguments.Count; at++)
        {
            var value = at + 1 < arguments.Count ? arguments[at + 1] : "";
            switch (arguments[at])
            {
                case "--list":
                    options = options with { List = true };
                    break;
                case "--over" when value == "ssh":
                    options = options with { IsOverSsh = true };
                    at++;
                    break;
                case "--keep":
                    options = options with { Keep = true };
                    break;
                case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    at++;
                    break;
                case "--sabotage" when Sabotages.Contains(value):
                    options = options with { Sabotage = value };
                    at++;
                    break;
                case "--cases" when value.Length > 0:
                    options = options with { Cases = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) };
                    at++;
                    break;
                default:
                    problems.WriteLine($"crash-drill: cannot read \"{arguments[at]} {value}\"; usage: crash-drill [--seed N] [--sabotage {string.Join('|', Sabotages)}] [--cases a,b] [--over ssh] [--list] [--keep]");
                    return null;
            }
        }

        var unknown = options.Cases.Where(name => !Drills.Cases.All(options.Seed).Any(drill => IsNamed(drill, name))).ToArray();
        if (unknown.Length > 0)
        {
            problems.WriteLine($"crash-drill: there is no case \"{unknown[0]}\"; --list names them");
            return null;
        }

        return options;
    }

    public IReadOnlyList<DrillCase> Chosen() =>
        [.. Drills.Cases.All(Seed).Where(drill => Sabotage is null || drill.Exposes == Sabotage).Where(drill => !IsOverSsh || !drill.IsLocalOnly).Where(drill => Cases.Count == 0 || Cases.Any(name => IsNamed(drill, name)))];

    /// <summary>Each case has dice of its own, so that it throws the same alone as among others.</summary>
    public Random DiceFor(string name) => new((Seed * 1_000_003) + StableHash(name));

    internal static int StableHash(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));

    private static bool IsNamed(DrillCase drill, string name) => drill.Name.StartsWith(name, StringComparison.Ordinal);
}
