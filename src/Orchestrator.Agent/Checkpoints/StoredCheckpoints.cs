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
    private (Dictionary<FileStat, StoredFile> ByStat, Dictionary<(long, string), StoredFile> ByContent)? _index;

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
    public StoredFile? Same(FileStat stat)
    {
        lock (_lock)
        {
            return Index().ByStat.GetValueOrDefault(stat);
        }
    }

    /// <summary>A file with the same content, perhaps under another name.</summary>
    public StoredFile? SameContent(long size, string hash)
    {
        lock (_lock)
        {
            return Index().ByContent.GetValueOrDefault((size, hash));
        }
    }

    /// <summary>The newest stored one (or, before the first, the restored one); null = none.</summary>
    public StoredSet? Newest
    {
        get
        {
            lock (_lock)
            {
                return _sets.Sets.LastOrDefault(set => set.Entry is not null);
            }
        }
    }

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
        Change(sets => sets with { Sets = [new StoredSet(manifestKey, [.. files], manifest.Entry, manifest.Step)] });
        if (EntryScanner.Snapshot(folder, manifest.Entry) is { } snapshot)
        {
            MarkSeen(manifest.Entry, snapshot.Fingerprint);
        }
    }

    /// <summary>Set from the agent's state after a restart.</summary>
    public string? RestoredKey { get; set; }

    /// <summary>
    /// Nothing is built on this checkpoint's objects from now on, durably: they are deleted once that was answered, and an agent
    /// that remembered them after a crash would store manifests of files that are gone.
    /// </summary>
    /// <exception cref="IOException">It cannot be made durable: not let go.</exception>
    public void LetGo(string manifestKey)
    {
        lock (_lock)
        {
            var next = _sets with { Sets = [.. _sets.Sets.Where(set => set.ManifestKey != manifestKey)] };
            JsonFile.Write(_path, next, AgentJson.Default.StoredSets);
            (_sets, _index) = (next, null);
        }
    }

    /// <summary>An entry may have a hundred thousand files: each is looked up, never searched for.</summary>
    private (Dictionary<FileStat, StoredFile> ByStat, Dictionary<(long, string), StoredFile> ByContent) Index()
    {
        if (_index is not { } index)
        {
            index = ([], []);
            foreach (var file in _sets.Sets.SelectMany(set => set.Files))
            {
                // The newest wins: it is kept longest.
                index.ByStat[file.Stat] = file;
                index.ByContent[(file.Size, file.Hash)] = file;
            }

            _index = index;
        }

        return index;
    }

    private void Change(Func<StoredSets, StoredSets> change)
    {
        lock (_lock)
        {
            var before = _sets;
            _sets = change(_sets);
            _index = _sets.Sets == before.Sets ? _index : null;
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
