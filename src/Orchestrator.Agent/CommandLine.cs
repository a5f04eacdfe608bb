using System.Globalization;

namespace Orchestrator.Agent;

/// <summary>The few options there are.</summary>
internal sealed record CommandLine
{
    public string? Root { get; init; }

    public string? Label { get; init; }

    public bool Detach { get; init; }

    /// <summary>We run in the job's container: its paths are the container's.</summary>
    public bool Container { get; init; }

    /// <summary>XXH128 that this program should have.</summary>
    public string? Hash { get; init; }

    /// <summary>How many jobs had the instance before the one that it is started for.</summary>
    public int Owner { get; init; }

    /// <summary>How often the supervisor has had to start the agent again.</summary>
    public int Restarts { get; init; }

    /// <summary>Exit code of the run before.</summary>
    public int LastExit { get; init; }

    public static CommandLine Parse(ReadOnlySpan<string> args, out string? problem)
    {
        var result = new CommandLine();
        problem = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--detach")
            {
                result = result with { Detach = true };
                continue;
            }

            if (args[i] == "--container")
            {
                result = result with { Container = true };
                continue;
            }

            if (i + 1 >= args.Length)
            {
                problem = $"{args[i]} needs a value";
                return result;
            }

            var value = args[i + 1];
            switch (args[i++])
            {
                case "--root":
                    result = result with { Root = value };
                    break;
                case "--label":
                    result = result with { Label = value };
                    break;
                case "--hash":
                    result = result with { Hash = value };
                    break;
                case "--owner" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var owner):
                    result = result with { Owner = owner };
                    break;
                case "--restarts" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var restarts):
                    result = result with { Restarts = restarts };
                    break;
                case "--last-exit" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var exit):
                    result = result with { LastExit = exit };
                    break;
                default:
                    problem = $"unknown option {args[i - 1]}";
                    return result;
            }
        }

        return result;
    }
}
