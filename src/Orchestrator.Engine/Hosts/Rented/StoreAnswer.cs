using System.Globalization;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>What <c>fetch-store.sh</c> says on a host, which may be anything.</summary>
/// <param name="Down">How the store's bytes came.</param>
/// <param name="Up">How they went back; empty = that was not come to.</param>
internal sealed record StoreAnswer(string Down, string Up)
{
    private const int Bytes = StoreReach.Bytes;

    public static StoreAnswer Of(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines is [.., var down, var up] && down.StartsWith("got ", StringComparison.Ordinal) ? new(down, up) : new(lines.LastOrDefault(""), "");
    }

    /// <summary>In words for a person.</summary>
    public string Words => (Down.Split(' ', 2), Up.Split(' ', 2)) switch
    {
        (["got", var got], ["sent", var sent]) when Speed(got) is { } down && Speed(sent) is { } up => $"the store gives {Rate(down)} and takes {Rate(up)}",
        (["got", var got], ["unsent", var words]) when Speed(got) is { } down => $"the store gives {Rate(down)}; whether it takes any is not known: {Shown(words)}",
        (["got", var got], _) when Speed(got) is { } down => $"the store gives {Rate(down)}",
        (["untried", var words], _) => $"the store was not tried: {Shown(words)}",
        _ => "the store was not tried: no answer",
    };

    /// <summary>Null = the way down will do, or nothing can be told.</summary>
    /// <param name="toFetch">Bytes that have to come.</param>
    public string? FetchingProblem(long toFetch) => Down.Split(' ', 2) switch
    {
        ["got", var time] when Speed(time) is { } speed && speed < StoreReach.Floor(toFetch, StoreReach.Staging) =>
            $"the job's store gives it {Rate(speed)}; for {Size(toFetch)} of data and checkpoint {Rate(StoreReach.Floor(toFetch, StoreReach.Staging))} are wanted at least",
        ["slow", var arrived] => FormattableString.Invariant($"of {Size(Bytes)} from the job's store {Size(Number(arrived) ?? 0)} came within {StoreReach.Longest.TotalSeconds:0} s"),
        ["failed", var words] => $"it does not reach the job's store: {Shown(words)}",
        _ => null,
    };

    /// <summary>The same of the way up.</summary>
    /// <param name="toSend">Bytes of a checkpoint; zero = not known.</param>
    public string? SendingProblem(long toSend) => Up.Split(' ', 2) switch
    {
        ["sent", var time] when Speed(time) is { } speed && speed < StoreReach.Floor(toSend, StoreReach.Saving) =>
            $"the job's store takes {Rate(speed)} from it; for a checkpoint of {Size(toSend)} {Rate(StoreReach.Floor(toSend, StoreReach.Saving))} are wanted at least",
        ["stuck"] => FormattableString.Invariant($"{Size(Bytes)} did not get to the job's store within {StoreReach.Longest.TotalSeconds:0} s: no checkpoint would"),
        _ => null,
    };

    /// <summary>Of a host: a signature that a tool repeats goes no further.</summary>
    private static string Shown(string words)
    {
        var text = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('?')[0]));
        return text.Length > 200 ? text[..200] : text;
    }

    private static long? Speed(string milliseconds) => Number(milliseconds) is { } time ? Bytes * 1000L / Math.Max(time, 1) : null;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Rate(long speed) => Size(speed) + "/s";

    private static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
    };
}
