using System.Globalization;

namespace Orchestrator.Drills.Weekend;

/// <summary>What the weekend was asked for.</summary>
public sealed record WeekendOptions
{
    private static readonly string[] _sabotages = ["no-label-lookup", "trust-destroy", "no-lease"];

    private static readonly string[] _clouds = ["vast", "runpod", "lambda"];

    /// <summary>With <see cref="IsBatch"/> those of the sweep.</summary>
    public int Jobs { get; init; } = 12;

    public int Seed { get; init; } = 1;

    /// <summary>A sweep and five jobs that a person looks after, instead of jobs with different policies.</summary>
    public bool IsBatch { get; init; }

    /// <summary>A safety rule that is broken on purpose.</summary>
    public string? Sabotage { get; init; }

    /// <summary>Clouds that the server has accounts of.</summary>
    public IReadOnlyList<string> Clouds { get; init; } = _clouds;

    /// <summary>The image of all jobs, with sshd.</summary>
    public string Image { get; init; } = "";

    /// <summary>What machines of Lambda are made of.</summary>
    public string? MachineImage { get; init; }

    /// <summary>Names and keys of the S3 store, as scripts/test-servers prints them.</summary>
    public string Store { get; init; } = "";

    public static WeekendOptions? Parse(IReadOnlyList<string> arguments, TextWriter problems)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(problems);
        var options = new WeekendOptions();
        for (var at = 0; at < arguments.Count; at += 2)
        {
            if (arguments[at] == "--batch")
            {
                options = options with { IsBatch = true, Jobs = Saturday.Members };
                at--;
                continue;
            }

            var value = at + 1 < arguments.Count ? arguments[at + 1] : "";
            var read = arguments[at] switch
            {
                "--jobs" when Number(value) is > 0 and <= 100 and var jobs => options with { Jobs = jobs },
                "--seed" when Number(value) is { } seed => options with { Seed = seed },
                "--sabotage" when _sabotages.Contains(value) => options with { Sabotage = value },
                "--clouds" when value.Split(',') is var clouds && clouds.All(_clouds.Contains) && clouds.Distinct().Count() == clouds.Length => options with { Clouds = clouds },
                "--image" when value.Length > 0 => options with { Image = value },
                "--machine-image" when value.Length > 0 => options with { MachineImage = value },
                "--store" when File.Exists(value) => options with { Store = value },
                _ => null,
            };
            if (read is null)
            {
                problems.WriteLine($"weekend: cannot read \"{arguments[at]} {value}\"; usage: weekend [--batch] [--jobs 12] [--seed N] [--sabotage {string.Join('|', _sabotages)}] [--clouds {string.Join(',', _clouds)}]");
                return null;
            }

            options = read;
        }

        if (options.Clouds is ["lambda"])
        {
            problems.WriteLine("weekend: Lambda alone has no card that the jobs ask for, and its machines cannot end themselves when the server vanishes; name vast or runpod beside it");
            return null;
        }

        if (options.Sabotage == "trust-destroy" && !options.Clouds.Contains("vast"))
        {
            problems.WriteLine("weekend: trust-destroy needs vast among the clouds: nobody else says that it destroyed what it did not");
            return null;
        }

        if (options.IsBatch && !Saturday.Allows(options.Jobs))
        {
            problems.WriteLine($"weekend: a sweep of {options.Jobs} jobs cannot be made; give --jobs after --batch, and 8, 16, 24, 32 or {Saturday.Members}");
            return null;
        }

        if (options.Image.Length == 0 || options.Store.Length == 0)
        {
            problems.WriteLine("weekend: run it as scripts/weekend");
            return null;
        }

        return options;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
