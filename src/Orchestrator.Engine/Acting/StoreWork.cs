using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// Reading a checkpoint takes as long as it is large, so it is done beside the ticks: one that waited for it would keep a worker from
/// every other job's budget and destroys. Each piece of work is begun once at a time, however often ticks still owe it.
/// </summary>
public sealed class StoreWork(TimeProvider time, ILogger<StoreWork> log) : IHostedService, IDisposable
{
    /// <summary>A line that is shared by more is slower for each.</summary>
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(AtOnce, AtOnce);
    private readonly CancellationTokenSource _stopped = new();
    private readonly RepeatedWords _refusals = new(time, TimeSpan.FromMinutes(10));

    /// <param name="what">Names the work, for a person too; the same is not begun again beside itself.</param>
    /// <param name="isUrgent">A host waits for it, at its price: it does not stand in line.</param>
    /// <param name="work">What it does with its result is its own; a failure leaves it owed.</param>
    /// <returns>Its end, which never fails; null = it is being done already.</returns>
    public Task? Begin(string what, bool isUrgent, Func<CancellationToken, Task> work)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_running.TryAdd(what, begin.Task))
        {
            return null;
        }

        _ = Task.Run(async () =>
        {
            await RunAsync(what, isUrgent, work);
            _running.TryRemove(what, out _);
            begin.SetResult();
        });
        return begin.Task;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopped.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stopped.Dispose();
        _room.Dispose();
    }

    private async Task RunAsync(string what, bool isUrgent, Func<CancellationToken, Task> work)
    {
        try
        {
            if (isUrgent)
            {
                await work(_stopped.Token);
                return;
            }

            await _room.WaitAsync(_stopped.Token);
            try
            {
                await work(_stopped.Token);
            }
            finally
            {
                _room.Release();
            }
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // Whoever comes next owes it still.
        }
        catch (StoreException refused)
        {
            if (_refusals.IsNew(what, refused.Message))
            {
                log.LogWarning("{Work} waits, the store said: {Words}", what, refused.Message);
            }
        }
        catch (Exception failure)
        {
            log.LogError(failure, "{Work} failed and stays owed", what);
        }
    }
}
