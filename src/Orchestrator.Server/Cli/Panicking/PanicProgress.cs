using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>What is known while <c>panic</c> destroys: what was agreed to, what was accepted, and how each account looked last.</summary>
internal sealed class PanicProgress
{
    /// <summary>One list may lag behind a create call.</summary>
    private const int Proof = 2;

    /// <summary>An account at which nothing is known and that shows nothing is waited for so long.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ImmutableSortedDictionary<string, TimeSpan> _accounts;
    private readonly ImmutableHashSet<(string Provider, string Epoch)> _agreed;
    private readonly bool _isNamed;
    private readonly Dictionary<string, PanicFind> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _accepted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _empty = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _heardAt = new(StringComparer.Ordinal);
    private readonly long _begunAt;
    private PanicLook _look;

    /// <param name="accounts">All that are looked at, each with the time after which its lists show what was asked for before we began.</param>
    /// <param name="first">What a person has seen.</param>
    /// <param name="isNamed">They have named the installation, so that nothing else is in any look.</param>
    /// <param name="time">For the waits.</param>
    public PanicProgress(ImmutableSortedDictionary<string, TimeSpan> accounts, PanicLook first, bool isNamed, TimeProvider time)
    {
        (_accounts, _look, _isNamed, _time, _begunAt) = (accounts, first, isNamed, time, time.GetTimestamp());
        _agreed = [.. first.Found.Select(found => (found.Provider, found.Epoch))];
        Note(first);
    }

    /// <summary>An installation's instances at one account are agreed to together: a create call may be under way.</summary>
    public bool IsAgreed(PanicFind found) => _isNamed || _agreed.Contains((found.Provider, found.Epoch));

    /// <summary>What is listed; and where an account shows nothing now, what was and has not been accepted.</summary>
    public IEnumerable<PanicFind> ToDestroy()
    {
        var listed = _look.Found.Where(IsAgreed).ToList();
        return listed.Concat(Owed().ExceptBy(listed.Select(found => found.ToString()), found => found.ToString()));
    }

    public void Accepted(PanicFind found) => _accepted[found.ToString()] = true;

    /// <summary>
    /// Nothing is listed anywhere, and this account is watched longest, for so long since the start; null = there is more to do, or nothing
    /// to wait for.
    /// </summary>
    public (string Account, TimeSpan For)? Watched => _accounts.Keys.All(account => _empty[account] >= Proof || IsSilent(account))
        ? _accounts.Where(pair => !IsProven(pair.Key) && !IsSilent(pair.Key)).OrderByDescending(pair => pair.Value).Select(pair => ((string, TimeSpan)?)(pair.Key, pair.Value)).FirstOrDefault()
        : null;

    /// <returns>What no look before has shown.</returns>
    public ImmutableArray<PanicFind> Note(PanicLook look)
    {
        _look = look;
        foreach (var account in _accounts.Keys)
        {
            if (look.Failed.ContainsKey(account))
            {
                _empty[account] = 0;
                _heardAt.TryAdd(account, _begunAt);
                continue;
            }

            _heardAt[account] = _time.GetTimestamp();
            _empty[account] = look.Found.Any(found => found.Provider == account && IsAgreed(found)) ? 0 : _empty.GetValueOrDefault(account) + 1;
        }

        return [.. look.Found.Where(found => _known.TryAdd(found.ToString(), found))];
    }

    public bool IsOver(TimeSpan longest) => _time.GetElapsedTime(_begunAt) >= longest || _accounts.Keys.All(account => IsProven(account) || IsSilent(account));

    public PanicReport Report()
    {
        var failed = _look.Failed.AddRange(_accounts.Keys.Where(account => !_look.Failed.ContainsKey(account) && _empty[account] > 0 && !IsProven(account))
            .Select(account => KeyValuePair.Create(account, "it shows nothing more, which is not proven yet")));
        var agreed = _known.Where(pair => IsAgreed(pair.Value)).ToList();
        var listed = _look.Found.Select(found => found.ToString()).ToHashSet(StringComparer.Ordinal);
        // Of an account that does not answer any more nobody knows.
        var left = agreed.Where(pair => listed.Contains(pair.Key) || failed.ContainsKey(pair.Value.Provider)).Select(pair => pair.Key).ToList();
        return new([.. agreed.Select(pair => pair.Key).Except(left).Order(StringComparer.Ordinal)], [.. left.Order(StringComparer.Ordinal)], failed)
        {
            NotShown = [.. _look.Found.Where(found => !IsAgreed(found)).Select(found => found.ToString()).Order(StringComparer.Ordinal)],
        };
    }

    private bool IsProven(string account) => _empty[account] >= Proof && _time.GetElapsedTime(_begunAt) >= _accounts[account];

    /// <summary>It does not answer, and is not waited for.</summary>
    private bool IsSilent(string account) => _look.Failed.ContainsKey(account) && _time.GetElapsedTime(_heardAt[account]) >= _silence && Owed().All(found => found.Provider != account);

    private IEnumerable<PanicFind> Owed() =>
        _known.Values.Where(found => IsAgreed(found) && _look.Failed.ContainsKey(found.Provider) && !_accepted.ContainsKey(found.ToString()));
}
