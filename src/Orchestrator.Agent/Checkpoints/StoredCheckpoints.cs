using System.Collections.Immutable;
using Orchestrator.Agent.Native;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>What is in the store already: so that nothing is sent twice, by this agent or the next.</summary>
internal sealed class StoredCheckpoints
{
    private const int OwnKept = 2;

    private readonly Lock _lock = new();
    private readonly string _path;
    private StoredSets _sets;

    public StoredCheckpoints(string path)
    {
        _path = path;
        _sets = JsonFile.Read(path, AgentJson.Default.StoredSets) is { Sets.IsDefault: false, Seen: not null } read
            ? read
            : new StoredSets([], ImmutableSortedDictionary<string, string>.Empty);
    }

    public bool IsSeen(string entry, string fingerprint)
    {
        lock (_lock)
        {
            return _sets.Seen.TryGetValue(entry, out var seen) && seen == fingerprint;
        }
    }

    public void MarkSeen(string entry, string fingerprint) =>
        Change(sets => sets with { Seen = sets.Seen.SetItem(entry, fingerprint) });

    /// <summary>Forgets entries that the trainer has deleted.</summary>
    public void KeepSeen(IReadOnlySet<string> entries)
    {
        if (_sets.Seen.Keys.Any(name => !entries.Contains(name)))
        {
            Change(sets => sets with { Seen = sets.Seen.RemoveRange(sets.Seen.Keys.Where(name => !entries.Contains(name))) });
        }
    }

    /// <summary>A file with the very same identity, size and times: not even read again.</summary>
    public StoredFile? Same(FileStat stat) => All().FirstOrDefault(file => file.Stat == stat);

    /// <summary>A file with the same content, perhaps under another name.</summary>
    public StoredFile? SameContent(long size, string hash) => All().FirstOrDefault(file => file.Size == size && file.Hash == hash);

    public void Add(StoredSet set, EntrySnapshot snapshot) => Change(sets => sets with
    {
        Sets = [.. sets.Sets.Take(1).Where(first => first.ManifestKey == RestoredKey), .. sets.Sets.Where(one => one.ManifestKey != RestoredKey).TakeLast(OwnKept - 1), set],
        Seen = sets.Seen.SetItem(snapshot.Name, snapshot.Fingerprint),
    });

    /// <summary>The restored checkpoint lies on disk now: it is not new work, and its unchanged files may be referred to.</summary>
    public void Restored(string manifestKey, CheckpointManifest manifest, string folder)
    {
        var files = manifest.Files
            .Select(file => (file, stat: FileStat.Of(Path.Combine(folder, file.Path), follow: true)))
            .Where(pair => pair.stat is not null)
            .Select(pair => new StoredFile(pair.file.Key, pair.file.Size, pair.file.Hash, pair.stat!.Value));
        RestoredKey = manifestKey;
        Change(sets => sets with { Sets = [new StoredSet(manifestKey, [.. files])] });
        if (EntryScanner.Snapshot(folder, manifest.Entry) is { } snapshot)
        {
            MarkSeen(manifest.Entry, snapshot.Fingerprint);
        }
    }

    /// <summary>Set from the agent's state after a restart.</summary>
    public string? RestoredKey { get; set; }

    /// <summary>Nothing is built on this checkpoint's objects from now on.</summary>
    public void LetGo(string manifestKey) => Change(sets => sets with { Sets = [.. sets.Sets.Where(set => set.ManifestKey != manifestKey)] });

    private IEnumerable<StoredFile> All()
    {
        lock (_lock)
        {
            return _sets.Sets.SelectMany(set => set.Files).Reverse();
        }
    }

    private void Change(Func<StoredSets, StoredSets> change)
    {
        lock (_lock)
        {
            _sets = change(_sets);
            try
            {
                JsonFile.Write(_path, _sets, AgentJson.Default.StoredSets);
            }
            catch (IOException e)
            {
                // Costs a second upload after a crash, no more.
                Diagnostics.Write($"what is stored cannot be noted: {e.Message}");
            }
        }
    }
}
