using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Observing;

/// <summary>
/// Remembers in the database whose account our books are about. A key of another account is taken only where nothing of ours is
/// at the former one; else every call says Unauthorized, so that nothing is believed gone, until a person mends it.
/// </summary>
public sealed class AccountGuard(AccountStore accounts, AlertStore alerts, TimeProvider time, ILogger<AccountGuard> log) : IAccountGuard
{
    /// <summary>Other servers may use another key meanwhile.</summary>
    private static readonly TimeSpan _trustedFor = TimeSpan.FromSeconds(30);

    /// <summary>An account of whom no mark is known is asked for one so often: it may be able to say later whose it is.</summary>
    private static readonly TimeSpan _askedAgainAfter = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Finding> _found = new(StringComparer.Ordinal);

    public async Task RequireAsync(string account, Uri endpoint, string key, bool changes, Func<CancellationToken, Task<ImmutableArray<string>>>? ask, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var (place, hash) = (endpoint.GetLeftPart(UriPartial.Authority), HashOf(account, key));
        var last = _found.GetValueOrDefault(account);
        var isSame = last?.Place == place && last.Hash == hash;
        if (!isSame || time.GetElapsedTime(last!.At) >= _trustedFor || (changes && last.Words is null))
        {
            try
            {
                last = await FindOutAsync(account, place, hash, isSame ? last : null, ask, cancellation);
            }
            catch (NpgsqlException away)
            {
                throw new ProviderException(ProviderErrorKind.RateLimited, $"whose account {account} is cannot be read from the database, so nothing was sent: {away.Message}", away) { NothingSent = true };
            }
        }

        if (last!.Words is { } words)
        {
            throw new ProviderException(ProviderErrorKind.Unauthorized, words) { NothingSent = true };
        }
    }

    /// <summary>On a person's word: the key that this server was refused with last is the account's from now on, whosever it was.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="gone">A person has looked: what the books show at the former account is not there any more.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What of ours is at the former account by the books, and kept it from becoming another one; empty = the key is the account's.</returns>
    /// <exception cref="InvalidOperationException">No key of it was tried by this server.</exception>
    public async Task<IReadOnlyList<LivingInstance>> AcceptAsync(string account, bool gone, CancellationToken cancellation)
    {
        var tried = _found.GetValueOrDefault(account) ?? throw new InvalidOperationException($"no key of {account} was tried yet");
        // What was found a moment ago may have changed: another installation claims as well.
        var row = await accounts.FindAsync(account, cancellation);
        if ((row?.KeyHash != tried.Hash || row.Endpoint != tried.Place)
            && await accounts.AcceptAsync(account, tried.Place, tried.Hash, tried.Marks, gone, cancellation) is { Count: > 0 } living)
        {
            return living;
        }

        _found[account] = tried with { At = time.GetTimestamp(), Words = null };
        await alerts.ResolveAsync(AlertKinds.AccountChanged, account, cancellation);
        return [];
    }

    private async Task<Finding> FindOutAsync(string account, string place, string hash, Finding? before, Func<CancellationToken, Task<ImmutableArray<string>>>? ask, CancellationToken cancellation)
    {
        string? words = null;
        var row = await accounts.FindAsync(account, cancellation);
        var isOnBooks = row?.KeyHash == hash && row.Endpoint == place;
        var askedAt = before?.AskedAt ?? time.GetTimestamp();
        var marks = before?.Marks ?? [];
        if (!isOnBooks || (row!.Marks.Length == 0 && (before is null || time.GetElapsedTime(askedAt) >= _askedAgainAfter)))
        {
            askedAt = time.GetTimestamp();
            marks = await MarksAsync(isOnBooks, ask, cancellation);
            if (await accounts.ClaimAsync(account, place, hash, marks, cancellation) is { } others)
            {
                words = WordsOf(account, others, marks);
            }
        }

        var found = new Finding(place, hash, time.GetTimestamp(), askedAt, words, marks);
        _found[account] = found;
        if (words is not null)
        {
            if (await alerts.RaiseAsync(AlertKinds.AccountChanged, account, words, cancellation))
            {
                log.LogError("{Alert}", words);
            }
        }
        else if (before is null || before.Words is not null)
        {
            await alerts.ResolveAsync(AlertKinds.AccountChanged, account, cancellation);
        }

        return found;
    }

    /// <summary>What is on the books needs no proof: a question that fails must not stand between us and what has to be destroyed.</summary>
    private static async Task<ImmutableArray<string>> MarksAsync(bool isOnBooks, Func<CancellationToken, Task<ImmutableArray<string>>>? ask, CancellationToken cancellation)
    {
        try
        {
            return ask is null ? [] : await ask(cancellation);
        }
        catch (ProviderException) when (isOnBooks)
        {
            return [];
        }
    }

    private static string WordsOf(string account, string[] former, ImmutableArray<string> marks) =>
        (marks.IsEmpty || former.Length == 0
            ? $"{account}: the key or the endpoint is another one, and the API does not say whether the account is the same"
            : $"{account}: the key is of another account ({Few(marks)}) than the one that our books are about ({Few(former)})")
        + $"; nothing is asked, rented or ended with it, since what runs there would look gone. Put the former key (or endpoint) back under accounts until those jobs have ended; if you have seen that nothing of them is left there: orchestrator account accept {account}";

    private static string Few(IReadOnlyCollection<string> marks) => string.Join(", ", marks.Take(2)) + (marks.Count > 2 ? ", ..." : "");

    /// <summary>Tells keys apart; nobody gets a key of it back.</summary>
    private static string HashOf(string account, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"orchestrator account {account}\n{key}")))[..32];

    /// <param name="Place">The endpoint.</param>
    /// <param name="Hash">Of the key.</param>
    /// <param name="At">Timestamp.</param>
    /// <param name="AskedAt">Timestamp of the last question whose it is, or of the first finding that needed none.</param>
    /// <param name="Words">Null = it is the account's.</param>
    /// <param name="Marks">As its API told them last.</param>
    private sealed record Finding(string Place, string Hash, long At, long AskedAt, string? Words, ImmutableArray<string> Marks);
}
