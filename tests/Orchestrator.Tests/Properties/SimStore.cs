using Orchestrator.Checkpoints;

namespace Orchestrator.Tests.Properties;

/// <summary>Manifests and the files they reference, which may be an older manifest's.</summary>
public sealed class SimStore
{
    public Dictionary<string, CheckpointRef> Manifests { get; } = [];

    /// <summary>Manifest → manifests whose files it needs (itself first).</summary>
    public Dictionary<string, List<string>> Needs { get; } = [];

    public HashSet<string> Damaged { get; } = [];

    private readonly HashSet<string> _filesGone = [];

    public void Put(CheckpointRef checkpoint, string? builtOn)
    {
        Manifests[checkpoint.ManifestKey] = checkpoint;
        Needs[checkpoint.ManifestKey] = [checkpoint.ManifestKey, .. builtOn is null ? [] : Needs[builtOn].Take(3)];
    }

    public bool IsWhole(string key) => Manifests.ContainsKey(key) && !Damaged.Contains(key) && HasFiles(key);

    public bool HasFiles(string key) => Needs.TryGetValue(key, out var needs) && !needs.Any(_filesGone.Contains);

    public void Delete(string key, IEnumerable<string> kept)
    {
        Manifests.Remove(key);
        var needed = kept.Where(Needs.ContainsKey).SelectMany(k => Needs[k]).ToHashSet();
        foreach (var file in Needs.TryGetValue(key, out var needs) ? needs : [])
        {
            // Files of manifests that still exist are theirs; files whose manifest is gone go when nobody needs them.
            if (!needed.Contains(file) && (file == key || !Manifests.ContainsKey(file)))
            {
                _filesGone.Add(file);
            }
        }
    }
}
