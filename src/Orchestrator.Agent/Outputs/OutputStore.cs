using System.Globalization;
using System.Text;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Staging;
using Orchestrator.Agent.Training;
using Orchestrator.Agent.Transfers;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Outputs;

/// <summary>
/// Carries outputs to the store: at the end under their own names, and while training (spec: <c>every</c>) what has changed since
/// the last time, each pass below <c>at-NNNNNN/</c>, since a key is written once.
/// </summary>
internal sealed class OutputStore(AgentFolder folder, StateFile state, Trainer trainer, StoreClient store, TimeProvider time)
{
    private const int Parallel = 4;
    private const int MostWords = 10;

    private readonly SpecPaths _paths = new(folder);
    private readonly ObjectWriter _writer = new(store);
    private readonly Dictionary<string, FileStat> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lastPass = new(StringComparer.Ordinal);

    public async Task<OutputResult> StoreFinalAsync(bool succeeded, CancellationToken cancellation)
    {
        var words = new List<string>();
        var stored = true;
        foreach (var order in state.Current.Order?.Outputs ?? [])
        {
            if (!order.Always && !succeeded)
            {
                if (order.Every is not null)
                {
                    // What was flushed since the last pass: the next one would have carried it.
                    stored &= await PassAsync(order, words, cancellation);
                }

                continue;
            }

            var files = OutputFiles.Of(folder, _paths.Place(order.From), words);
            if (files.Count == 0)
            {
                words.Add($"nothing at {order.From}");
            }

            stored &= (await StoreAsync(order, "", files, words, cancellation)).Count == 0;
        }

        return new OutputResult(stored, words);
    }

    public async Task StoreRegularlyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            if (trainer.Status != TrainerStatus.Running || state.Current.Order is not { } job)
            {
                continue;
            }

            foreach (var order in job.Outputs)
            {
                if (order.Every is not { } every)
                {
                    continue;
                }

                var last = _lastPass.TryGetValue(order.From, out var before) ? before : _lastPass[order.From] = time.GetTimestamp();
                if (time.GetElapsedTime(last) >= every)
                {
                    await PassAsync(order, [], cancellation);
                    _lastPass[order.From] = time.GetTimestamp();
                }
            }
        }
    }

    private async Task<bool> PassAsync(OutputOrder order, List<string> words, CancellationToken cancellation)
    {
        var changed = OutputFiles.Of(folder, _paths.Place(order.From), words).Where(file => !_sent.TryGetValue(file.FullPath, out var stat) || stat != file.Stat).ToList();
        if (changed.Count == 0)
        {
            return true;
        }

        var pass = state.Change(s => s with { NextOutputPass = s.NextOutputPass + 1 }).NextOutputPass - 1;
        var missing = await StoreAsync(order, string.Create(CultureInfo.InvariantCulture, $"at-{pass:D6}/"), changed, words, cancellation);
        foreach (var file in changed.Where(file => !missing.Contains(file)))
        {
            _sent[file.FullPath] = file.Stat;
        }

        return missing.Count == 0;
    }

    /// <returns>What could not be stored: the next pass takes it along.</returns>
    private async Task<IReadOnlySet<EntryFile>> StoreAsync(OutputOrder order, string pass, List<EntryFile> files, List<string> words, CancellationToken cancellation)
    {
        var job = state.Current.Order!;
        var prefix = (order.Prefix.StartsWith(job.AttemptPrefix, StringComparison.Ordinal) ? order.Prefix : job.AttemptPrefix + order.Prefix) + pass;
        var missing = new HashSet<EntryFile>();
        var refused = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        await System.Threading.Tasks.Parallel.ForEachAsync(files, options, async (file, token) =>
        {
            if (Encoding.UTF8.GetByteCount(prefix + file.Path) > ObjectKeys.MaxBytes)
            {
                Say(words, file, "its path is too long for a store");
                return;
            }

            try
            {
                var hash = await FileHash.OfAsync(file.FullPath, token);
                await _writer.WriteAsync(file.FullPath, prefix + file.Path, hash.Length, hash, _ => { }, token);
            }
            catch (StoreException e) when (e.Fault == StoreFault.Taken)
            {
                // Stored by our predecessor, before it died.
            }
            catch (StoreException e) when (e.Fault == StoreFault.Refused && pass.Length == 0)
            {
                // One name that no server grants must not cost a finished training. All of them are not about names: this attempt may not write, say.
                Interlocked.Increment(ref refused);
                Say(words, file, e.Message);
            }
            catch (Exception e) when (e is ChangedException or StoreException or IOException or UnauthorizedAccessException or HttpRequestException)
            {
                lock (missing)
                {
                    missing.Add(file);
                }

                Say(words, file, e.Message);
            }
        });
        return refused > 0 && refused == files.Count ? files.ToHashSet() : missing;
    }

    private static void Say(List<string> words, EntryFile file, string why)
    {
        lock (words)
        {
            if (words.Count < MostWords)
            {
                words.Add($"{EntryScanner.Shown(file.Path)} is not stored: {why}");
            }
        }
    }
}
