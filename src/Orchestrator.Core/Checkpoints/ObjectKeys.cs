using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Checkpoints;

/// <summary>
/// Names of objects in a store. Every key that a host may write begins with its attempt's prefix, which contains the
/// installation's epoch, so that no two attempts, jobs or installations can ever write the same key.
/// </summary>
public static class ObjectKeys
{
    /// <summary>Bytes in UTF-8 that a key may have, as in S3.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Everything of one job: <c>jobs/NAME-ID/EPOCH/</c>. The name is a slug, so a person finds their job with any tool.</summary>
    public static string Job(string epoch, JobId job, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"jobs/{name}-{job.Value}/{epoch}/");

    /// <summary>Everything one attempt may write.</summary>
    public static string Attempt(string jobPrefix, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{jobPrefix}a{attempt:D4}/");

    /// <summary>Files of one checkpoint.</summary>
    public static string CheckpointFiles(string attemptPrefix, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{attemptPrefix}checkpoints/{ordinal:D6}/files/");

    /// <summary>A file of a checkpoint that is stored while the server is away: its name is not known when the URL is signed.</summary>
    /// <param name="attemptPrefix">The attempt's.</param>
    /// <param name="ordinal">The checkpoint.</param>
    /// <param name="slot">From 1.</param>
    public static string AheadFile(string attemptPrefix, int ordinal, int slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{CheckpointFiles(attemptPrefix, ordinal)}ahead/{slot:D4}");

    public static string Manifest(string attemptPrefix, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{attemptPrefix}checkpoints/{ordinal:D6}/manifest.json");

    public static string Outputs(string attemptPrefix) => attemptPrefix + "outputs/";
}
