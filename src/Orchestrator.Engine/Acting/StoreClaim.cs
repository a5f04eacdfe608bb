using Npgsql;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Acting;

/// <summary>The right to do one piece of work on a store, renewed until it is disposed.</summary>
internal sealed class StoreClaim : IAsyncDisposable
{
    private readonly StoreClaims _claims;
    private readonly JobId _job;
    private readonly string _key;
    private readonly string _owner;
    private readonly CancellationTokenSource _done = new();
    private readonly Task _kept;

    internal StoreClaim(StoreClaims claims, TimeProvider time, JobId job, string key, string owner, TimeSpan every)
    {
        (_claims, _job, _key, _owner) = (claims, job, key, owner);
        _kept = KeepAsync(time, every);
    }

    /// <summary>The bytes in question were compared, and are right: nobody has to read them again.</summary>
    public bool IsCompared { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _kept;
        _done.Dispose();
        try
        {
            await _claims.LetGoAsync(_job, _key, _owner, IsCompared);
        }
        catch (NpgsqlException)
        {
            // It runs out by itself, and what was found is not lost by it.
        }
    }

    private async Task KeepAsync(TimeProvider time, TimeSpan every)
    {
        while (!_done.IsCancellationRequested)
        {
            await Task.Delay(every, time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await _claims.KeepAsync(_job, _key, _owner, _done.Token);
            }
            catch (Exception failed) when (failed is NpgsqlException or OperationCanceledException)
            {
                // A database that is away is asked again; should the claim run out meanwhile, the work is done twice.
            }
        }
    }
}
