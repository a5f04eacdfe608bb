using System.Collections.Immutable;
using Orchestrator.Determinism;
using Orchestrator.Providers;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>
/// Ends all that orchestrators have rented, with nothing but the accounts. A destroy that was accepted proves nothing: an instance is gone
/// when two lists in a row lack it. Nor do these prove anything while a create call may be under way whose instance no list shows yet.
/// </summary>
/// <param name="providers">The accounts that could be opened.</param>
/// <param name="epoch">Of the one installation that is meant; null = of any.</param>
/// <param name="time">For the pauses.</param>
/// <param name="say">Told what goes on.</param>
internal sealed class PanicRun(IReadOnlyList<IProvider> providers, string? epoch, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    public async Task<PanicLook> LookAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(providers.Select(provider => ListAsync(provider, cancellation)));
        return new(
            [.. answers.SelectMany(answer => answer.Found)],
            answers.Where(answer => answer.Others > 0).ToImmutableSortedDictionary(answer => answer.Provider, answer => answer.Others, StringComparer.Ordinal),
            answers.Where(answer => answer.Words is not null).ToImmutableSortedDictionary(answer => answer.Provider, answer => answer.Words!, StringComparer.Ordinal));
    }

    /// <param name="first">What the person has seen and agreed to. Of an installation that was not there, nothing is destroyed.</param>
    /// <param name="longest">What is left after this time is reported as left.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<PanicReport> DestroyAsync(PanicLook first, TimeSpan longest, CancellationToken cancellation)
    {
        var progress = new PanicProgress(providers.ToImmutableSortedDictionary(provider => provider.Name, SettlingOf, StringComparer.Ordinal), first, epoch is not null, time);
        var isTold = false;
        while (true)
        {
            await Task.WhenAll(progress.ToDestroy().GroupBy(found => found.Provider).Select(group => DestroyAsync(group, progress, cancellation)));
            await Task.Delay(_pause, time, cancellation);
            foreach (var late in progress.Note(await LookAsync(cancellation)))
            {
                // A create call that was under way; or somebody else's.
                say(progress.IsAgreed(late) ? $"{late} has turned up" : $"{late} has turned up, was not shown, and is left alone");
            }

            if (progress.IsOver(longest))
            {
                return progress.Report();
            }

            if (!isTold && progress.Watched is { } watched)
            {
                isTold = true;
                say(FormattableString.Invariant($"nothing more is listed; a create call that was under way may show late, so {watched.Account} is watched until {watched.For.TotalSeconds:0} s after the start"));
            }
        }
    }

    /// <summary>From when on a list shows what a server that has just died had asked for.</summary>
    private static TimeSpan SettlingOf(IProvider provider) => provider.Timings.CreateTimeout + provider.Timings.Settling;

    private async Task<(string Provider, ImmutableArray<PanicFind> Found, int Others, string? Words)> ListAsync(IProvider provider, CancellationToken cancellation)
    {
        try
        {
            var list = await provider.ListWhatAnswersAsync(cancellation);
            var ours = list.Instances.Where(instance => LaunchToken.TryParse(instance.Label, out var of, out _, out _) && (epoch is null || of == epoch)).ToList();
            return (provider.Name, [.. ours.Select(instance => new PanicFind(provider.Name, instance))], list.Foreign.Length + list.Instances.Count - ours.Count, list.IsWhole ? null : "it shows a part only");
        }
        catch (Exception refused) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is, the other accounts are to be cleared.
            return (provider.Name, [], 0, refused.Message);
        }
    }

    private async Task DestroyAsync(IGrouping<string, PanicFind> found, PanicProgress progress, CancellationToken cancellation)
    {
        var provider = providers.First(one => one.Name == found.Key);
        foreach (var one in found)
        {
            try
            {
                await provider.DestroyAsync(one.Instance.InstanceId, cancellation);
                progress.Accepted(one);
                say($"{one}: {provider.Name} accepted the destroy");
            }
            catch (Exception refused) when (!cancellation.IsCancellationRequested)
            {
                say($"{one}: {refused.Message}; it is tried again");
            }
        }
    }
}
