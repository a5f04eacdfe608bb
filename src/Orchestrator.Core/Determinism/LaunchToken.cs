using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Determinism;

/// <summary>The label every instance of ours carries: derived, so that any server computes the same one and a person can read it.</summary>
public static class LaunchToken
{
    public const string Prefix = "orc-";

    /// <param name="epoch">The installation's epoch, lower-case letters and digits.</param>
    /// <param name="job">The job.</param>
    /// <param name="attempt">Number of the attempt, from 1.</param>
    public static string For(string epoch, JobId job, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{epoch}-{job.Value}-{attempt}");

    public static bool IsOurs(string label, string epoch) => label.StartsWith($"{Prefix}{epoch}-", StringComparison.Ordinal);

    /// <summary>Reads a label back; false for one we did not make.</summary>
    public static bool TryParse(string label, out string epoch, out JobId job, out int attempt)
    {
        epoch = "";
        job = default;
        attempt = 0;
        if (!label.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = label[Prefix.Length..].Split('-');
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out attempt))
        {
            return false;
        }

        epoch = parts[0];
        job = new JobId(id);
        return epoch.Length > 0;
    }
}
