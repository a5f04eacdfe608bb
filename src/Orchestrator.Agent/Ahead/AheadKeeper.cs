using System.Collections.Immutable;
using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Transfers;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Ahead;

/// <summary>
/// Keeps grants for the checkpoints to come, so that they go on being durable while the server is away. They are renewed all
/// the time while it is there, lie in a file of their own, and count only for an ordinal that was never begun.
/// </summary>
internal sealed class AheadKeeper
{
    /// <summary>The design's offline grace. Grants are signed for longer by more than <see cref="Fresh"/>.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(6);

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(1);
    private const int AtOnce = 200;

    private readonly string _path;
    private readonly StateFile _state;
    private readonly ServerPresence _presence;
    private readonly GrantBroker _broker;
    private readonly ProblemReporter _problems;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeptGrant> _kept;
    private int _files;
    private bool _hasSent;
    private long? _lastUsed;

    public AheadKeeper(string path, StateFile state, ServerPresence presence, GrantBroker broker, ProblemReporter problems, TimeProvider time)
    {
        (_path, _state, _presence, _broker, _problems, _time) = (path, state, presence, broker, problems, time);
        var read = JsonFile.Read(path, AgentJson.Default.KeptGrants) is { Grants.IsDefault: false } found ? found : new KeptGrants([]);
        _kept = read.Grants.DistinctBy(one => one.Grant.Key).ToDictionary(one => one.Grant.Key, StringComparer.Ordinal);
        _files = read.Files;
        _hasSent = read.Files > 0;
    }

    public bool IsAlone => _presence.IsAlone;

    /// <summary>
    /// A checkpoint may be begun: a server is there, or was a moment ago, or the next one can do without. Half of what is kept is
    /// used as fast as checkpoints come, the rest so that it lasts to the end of the grace.
    /// </summary>
    public bool MayBegin
    {
        get
        {
            if (!_presence.IsAlone)
            {
                return true;
            }

            lock (_lock)
            {
                var left = Left();
                if (left.Count == 0)
                {
                    return false;
                }

                var ends = left.Max(one => one.At) + Grace - _time.GetUtcNow();
                var pause = left.Count > AheadNames.Sets / 2 || ends <= TimeSpan.Zero ? TimeSpan.Zero : ends / left.Count;
                return _lastUsed is not { } last || _time.GetElapsedTime(last) >= pause;
            }
        }
    }

    /// <summary>For a checkpoint that has just claimed its ordinal; null = nothing is kept for it.</summary>
    public AheadSet? For(string prefix, int ordinal)
    {
        lock (_lock)
        {
            var files = ObjectKeys.CheckpointFiles(prefix, ordinal);
            return _kept.TryGetValue(ObjectKeys.Manifest(prefix, ordinal), out var manifest)
                ? new AheadSet(
                    _kept.Values.Select(one => one.Grant).Where(grant => grant.Key.StartsWith(files, StringComparison.Ordinal)).OrderBy(grant => grant.Key, StringComparer.Ordinal),
                    manifest.Grant,
                    Used,
                    Denied)
                : null;
        }
    }

    /// <summary>For the checkpoint after those that were begun; null = nothing is kept for it.</summary>
    public AheadSet? ForNext(string prefix) => For(prefix, _state.Current.NextOrdinal);

    /// <summary>So many files lie in an entry of the folder: as long as none was sent nothing better is known about those to come.</summary>
    public void Expect(int files)
    {
        lock (_lock)
        {
            _files = _hasSent ? _files : Math.Max(_files, files);
        }
    }

    /// <summary>A checkpoint would have needed so many spare names, and fewer were kept.</summary>
    public void Missed(int files)
    {
        lock (_lock)
        {
            (_files, _hasSent) = (Math.Max(_files, files), true);
        }
    }

    /// <summary>A checkpoint sent so many files.</summary>
    public void Sent(int files)
    {
        lock (_lock)
        {
            (_files, _hasSent) = (Math.Max(1, files), true);
        }
    }

    public async Task KeepAsync(CancellationToken cancellation)
    {
        var (refusedBy, refusedAt) = (CancellationToken.None, 0L);
        while (true)
        {
            await Task.Delay(Look, _time, cancellation);
            if (_state.Current.Cleaned)
            {
                Forget();
            }
            else if (_state.Current.Order is { Checkpoints: not null } order && _presence.Attached is { Minor: >= ProtocolVersion.AheadSince } server
                && (refusedBy != server.Visit || (refusedAt > 0 && _time.GetElapsedTime(refusedAt) >= AfterRefusal)))
            {
                // Refused for good is not asked again before another server comes: it may have another store.
                var final = await RenewAsync(order.AttemptPrefix, server.Visit, cancellation);
                (refusedBy, refusedAt) = final is null ? (CancellationToken.None, 0) : (server.Visit, final.Value ? 0 : _time.GetTimestamp());
            }
        }
    }

    /// <returns>Null = all is granted or the server has left; else whether the refusal is for good.</returns>
    internal async Task<bool?> RenewAsync(string prefix, CancellationToken visit, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(visit, cancellation);
        foreach (var names in Wanted(prefix).Chunk(AtOnce))
        {
            IReadOnlyList<Grant> answers;
            try
            {
                answers = await _broker.AskAsync([.. names.Select(name => new GrantWanted(GrantKind.PutAhead, name))], either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }

            Keep(prefix, answers.Where(grant => grant is { Refused: null, Url: not null }));
            if (answers.FirstOrDefault(grant => grant.Refused is not null) is { } refused)
            {
                Diagnostics.Write($"no grants ahead: {refused.Refused}");
                return refused.Final;
            }
        }

        return null;
    }

    private List<string> Wanted(string prefix)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            return [.. AheadNames.Of(prefix, _state.Current.NextOrdinal, _files).Where(name => !_kept.TryGetValue(name, out var kept) || now - kept.At >= Fresh || kept.At > now)];
        }
    }

    private void Keep(string prefix, IEnumerable<Grant> granted)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            foreach (var grant in granted)
            {
                _kept[grant.Key] = new KeptGrant(grant, now);
            }

            var names = AheadNames.Of(prefix, _state.Current.NextOrdinal, _files).ToHashSet(StringComparer.Ordinal);
            foreach (var old in _kept.Keys.Where(key => !names.Contains(key)).ToList())
            {
                _kept.Remove(old);
            }

            Write();
        }
    }

    /// <summary>Those that a checkpoint can still be begun with: their manifests'.</summary>
    private List<KeptGrant> Left()
    {
        if (_state.Current.Order is not { } order)
        {
            return [];
        }

        var left = new List<KeptGrant>();
        for (var ordinal = _state.Current.NextOrdinal; _kept.TryGetValue(ObjectKeys.Manifest(order.AttemptPrefix, ordinal), out var manifest); ordinal++)
        {
            left.Add(manifest);
        }

        return left;
    }

    private void Used()
    {
        lock (_lock)
        {
            _lastUsed = _time.GetTimestamp();
        }
    }

    private void Denied(string words)
    {
        _problems.Report("ahead", $"what was granted for the server's absence is not taken: {words}; checkpoints wait for the server, training goes on");
        Forget();
    }

    private void Forget()
    {
        lock (_lock)
        {
            if (_kept.Count > 0)
            {
                _kept.Clear();
                Write();
            }
        }
    }

    private void Write()
    {
        try
        {
            JsonFile.Write(_path, new KeptGrants([.. _kept.Values], _files), AgentJson.Default.KeptGrants);
        }
        catch (IOException e)
        {
            // They are still good for this agent; the one after it asks for its own.
            Diagnostics.Write($"grants ahead cannot be noted: {e.Message}");
        }
    }
}
