using System.Globalization;

namespace Orchestrator.Providers.Local;

/// <summary>
/// Faults of a rental API that tests and drills switch on, so that the kernel's care is really exercised:
/// <c>lose-replies=2,delay-list=3,refuse=1,fail-list=4</c>. Off by default.
/// </summary>
public sealed class LocalFaults
{
    private int _loseReplies;
    private int _refuse;
    private int _failList;

    /// <summary>The next so many creates rent, and then their reply is lost.</summary>
    public int LoseReplies { init => _loseReplies = value; }

    /// <summary>The next so many creates are refused for want of capacity.</summary>
    public int Refuse { init => _refuse = value; }

    /// <summary>The next so many lists fail.</summary>
    public int FailList { init => _failList = value; }

    /// <summary>A new instance is missing from lists for this long.</summary>
    public TimeSpan DelayList { get; init; }

    public bool TakeLostReply() => Interlocked.Decrement(ref _loseReplies) >= 0;

    public bool TakeRefusal() => Interlocked.Decrement(ref _refuse) >= 0;

    public bool TakeFailedList() => Interlocked.Decrement(ref _failList) >= 0;

    /// <exception cref="FormatException">Not a list of NAME=NUMBER with known names.</exception>
    public static LocalFaults Parse(string? text)
    {
        var values = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair.Length == 2 ? double.Parse(pair[1], CultureInfo.InvariantCulture) : throw new FormatException($"fault \"{pair[0]}\": write NAME=NUMBER"), StringComparer.Ordinal);
        if (values.Keys.FirstOrDefault(name => name is not ("lose-replies" or "refuse" or "fail-list" or "delay-list")) is { } unknown)
        {
            throw new FormatException($"fault \"{unknown}\" is unknown");
        }

        return new LocalFaults
        {
            LoseReplies = (int)values.GetValueOrDefault("lose-replies"),
            Refuse = (int)values.GetValueOrDefault("refuse"),
            FailList = (int)values.GetValueOrDefault("fail-list"),
            DelayList = TimeSpan.FromSeconds(values.GetValueOrDefault("delay-list")),
        };
    }
}
