using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Reads back the keys that <see cref="ObjectKeys"/> writes. What does not have exactly that form is not ours.</summary>
internal static partial class CheckpointKeys
{
    /// <summary>A manifest's copy while its checkpoint is being erased; see <see cref="CheckpointEraser"/>.</summary>
    internal const string ErasingSuffix = ".erasing";

    /// <summary>The place a manifest key names: its job, attempt and ordinal.</summary>
    internal sealed record Place(string JobPrefix, int Attempt, int Ordinal);

    internal static Place? Parse(string? manifestKey)
    {
        var match = Manifest().Match(manifestKey ?? "");
        if (!match.Success
            || !int.TryParse(match.Groups["attempt"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            || !int.TryParse(match.Groups["ordinal"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal))
        {
            return null;
        }

        var place = new Place(match.Groups["job"].Value, attempt, ordinal);
        // Numbers can be written in several ways (leading zeros); only ours counts, else one checkpoint could appear twice.
        return ObjectKeys.Manifest(ObjectKeys.Attempt(place.JobPrefix, attempt), ordinal) == manifestKey ? place : null;
    }

    /// <summary>Whether the key is a file of some checkpoint of the job: all that a manifest may name and an eraser may delete.</summary>
    internal static bool IsFile(IReadOnlyCollection<string> jobPrefixes, string? key) =>
        StoreKeys.Problem(key) is null && jobPrefixes.Any(prefix => key!.StartsWith(prefix, StringComparison.Ordinal) && FileBelowJob().IsMatch(key.AsSpan(prefix.Length)));

    /// <summary>Whether the key is a manifest or a spare file of one of the attempt's checkpoints: what an agent may be granted for hours.</summary>
    internal static bool IsAhead(string attemptPrefix, string key) =>
        key.StartsWith(attemptPrefix, StringComparison.Ordinal) && AheadBelowAttempt().IsMatch(key.AsSpan(attemptPrefix.Length));

    [GeneratedRegex(@"\A(?<job>jobs/[^/]+/[^/]+/)a(?<attempt>[0-9]{4,9})/checkpoints/(?<ordinal>[0-9]{6,9})/manifest\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex Manifest();

    [GeneratedRegex(@"\Aa[0-9]{4,9}/checkpoints/[0-9]{6,9}/files/.", RegexOptions.CultureInvariant)]
    private static partial Regex FileBelowJob();

    [GeneratedRegex(@"\Acheckpoints/[0-9]{6,9}/(manifest\.json|files/ahead/[0-9]{4,6})\z", RegexOptions.CultureInvariant)]
    private static partial Regex AheadBelowAttempt();
}
