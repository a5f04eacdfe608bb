using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// What a rehearsal has proven, by the fields it depends on: what runs, with which data, how it saves and says how far it is, and on
/// which cards. Money, hours and providers may change afterwards. As written: what is behind a tag, a branch or a folder is not looked at.
/// </summary>
public static class SpecStamp
{
    private const int Characters = 16;

    /// <summary>Field to a hash of its value, in the spec's own words.</summary>
    public static ImmutableSortedDictionary<string, string> Of(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, Parts(spec).Select(part => KeyValuePair.Create(part.Field, Hash(part.Value))));
    }

    /// <summary>Fields that differ, sorted.</summary>
    public static ImmutableArray<string> Changed(ImmutableSortedDictionary<string, string> rehearsed, ImmutableSortedDictionary<string, string> now)
    {
        ArgumentNullException.ThrowIfNull(rehearsed);
        ArgumentNullException.ThrowIfNull(now);
        return [.. rehearsed.Keys.Union(now.Keys).Where(field => rehearsed.GetValueOrDefault(field) != now.GetValueOrDefault(field)).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Field, object? Value)> Parts(JobSpec spec) =>
    [
        ("image", spec.Image),
        ("template", new { spec.Template, spec.Vars }),
        ("code", spec.Code),
        ("working-dir", spec.WorkingDir),
        ("setup", spec.Setup),
        ("run", new { spec.Run, spec.Command, spec.Shell }),
        ("env", spec.Env),
        ("secrets", spec.Secrets),
        ("data", spec.Data),
        // How many are kept, and where, changes nothing that was shown.
        ("checkpoints", spec.Checkpoints is { } saved ? new { saved.Path, saved.Format, saved.Include, saved.Exclude, saved.Complete, saved.ResumeArgs, saved.Request, saved.OnDrain } : null),
        ("progress", spec.Progress),
        ("resources.gpu", spec.Resources.Gpu),
        ("resources.memory", spec.Resources.Memory),
        ("resources.disk", spec.Resources.Disk),
    ];

    private static string Hash(object? value) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value)))[..Characters];
}
