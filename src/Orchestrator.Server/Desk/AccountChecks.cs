using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Determinism;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Views;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>What <c>doctor</c> and <c>account test</c> say of one account: all that can be asked without renting.</summary>
internal sealed class AccountChecks(AccountEntry entry, IProvider provider, AccountStore accounts, AccountBooks books, string epoch)
{
    private const string Area = AccountWords.Area;
    private const int MostShown = 3;

    /// <summary>A person waits.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(40);

    public async Task<ImmutableArray<DoctorCheck>> RunAsync(CancellationToken cancellation)
    {
        var checks = ImmutableArray.CreateBuilder<DoctorCheck>();
        var account = provider is IAccountSource source ? await TryAsync("account", source.GetAccountAsync, checks, cancellation) : null;
        if (checks.Count > 0)
        {
            // A key that is refused is refused everywhere.
            return checks.ToImmutable();
        }

        if (await TryAsync("list of what runs there", provider.ListWhatAnswersAsync, checks, cancellation) is { } list)
        {
            Describe(AccountContents.Of(list, epoch, await accounts.LiveLabelsAsync(provider.Name, cancellation)), checks);
        }

        if (provider is IChargeSource charges)
        {
            var now = TimeProvider.System.GetUtcNow();
            await TryAsync("charges, which the ledger is compared with", token => charges.ListChargesAsync(now.AddHours(-1), now, token), checks, cancellation);
        }

        if (account is not null)
        {
            // The first line, though what else may be read is part of it.
            checks.Insert(0, AccountWords.Of(entry.Name, account, await ForecastAsync(account, cancellation), readsAll: checks.All(check => check.Level != "bad")));
            checks.Insert(1, AccountWords.Terms(entry, account));
        }

        return checks.ToImmutable();
    }

    /// <summary>Null = it failed, which is among the checks then.</summary>
    private async Task<T?> TryAsync<T>(string what, Func<CancellationToken, Task<T>> ask, ImmutableArray<DoctorCheck>.Builder checks, CancellationToken cancellation)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        try
        {
            return await ask(limit.Token);
        }
        catch (ProviderException refused)
        {
            checks.Add(new(Area, "bad", $"{entry.Name}: the {what} cannot be read: {refused.Message}", AccountWords.Remedy(entry, refused)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            checks.Add(new(Area, "bad", $"{entry.Name}: the {what} did not come within {Say.For(_limit)}", "ask again in a moment"));
        }

        return null;
    }

    private async Task<AccountForecast?> ForecastAsync(AccountState account, CancellationToken cancellation) =>
        account.Spendable is { } left ? AccountForecast.Of(left, [.. (await books.NeedsAsync(cancellation))[provider.Name]]) : null;

    private void Describe(AccountContents there, ImmutableArray<DoctorCheck>.Builder checks)
    {
        checks.Add(new(Area, "ok", $"{entry.Name}: {Count(there.Owned.Length)} of ours there{(there.Owned.IsEmpty ? "" : ", all on the books")}"));
        if (!there.Orphans.IsEmpty)
        {
            checks.Add(new(Area, "warning", $"{entry.Name}: {Count(there.Orphans.Length)} with our label that no job owns: {Few(there.Orphans.Select(Labelled))}", "the sweep destroys what two lists in a row show"));
        }

        foreach (var others in there.Others.GroupBy(one => LaunchToken.TryParse(one.Label, out var of, out _, out _) ? of : "").OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            // panic without an installation would end what runs for this one too.
            checks.Add(others.Key.Length > 0
                ? new(Area, "warning", $"{entry.Name}: {Count(others.Count())} of another installation: {Few(others.Select(Labelled))} (left alone)", $"if nobody uses installation {others.Key} any more: orchestrator panic --installation {others.Key}")
                : new(Area, "warning", $"{entry.Name}: {Count(others.Count())} with a label that is nearly ours: {Few(others.Select(Labelled))} (left alone)", "if it is nobody's, destroy it in the console of the provider"));
        }

        if (!there.Foreign.IsEmpty)
        {
            checks.Add(new(Area, "warning", $"{entry.Name}: {Count(there.Foreign.Length)} there {(there.Foreign.Length == 1 ? "is" : "are")} not ours: {Few(there.Foreign.Select(Words))} (left alone)"));
        }
    }

    private static string Labelled(ListedInstance one) => $"{one.InstanceId} ({one.Label})";

    private static string Words(ForeignInstance one)
    {
        var price = one.PricePerHour is { } hour ? string.Create(CultureInfo.InvariantCulture, $", ${hour.Dollars:0.00}/h") : "";
        var since = one.Since is { } begun && TimeProvider.System.GetUtcNow() - begun is var age && age > TimeSpan.Zero ? $", there for {Say.For(age)}" : "";
        return $"{one.InstanceId}{(one.Name.Length > 0 ? $" \"{Clean.Line(one.Name, 40)}\"" : "")}{price}{since}";
    }

    private static string Few(IEnumerable<string> all)
    {
        var some = all.Take(MostShown + 1).ToList();
        return string.Join("; ", some.Take(MostShown)) + (some.Count > MostShown ? "; ..." : "");
    }

    private static string Count(int instances) => $"{instances} instance{(instances == 1 ? "" : "s")}";
}
