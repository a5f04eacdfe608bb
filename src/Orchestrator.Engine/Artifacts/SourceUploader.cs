using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Brings local code and data into the store when a job is submitted, so that every attempt gets what the first one got. Files
/// are stored under hash and size: what is there already, from any job, is not sent again.
/// </summary>
public sealed class SourceUploader(IObjectStore store)
{
    internal const string Prefix = "sources/";
    private const int MaxProblems = 50;
    private const int Parallel = 4;

    /// <summary>Files of one job; beyond it an archive is the better way.</summary>
    public int MaxFiles { get; init; } = 100_000;

    public Task<SourceUpload> UploadAsync(ImmutableArray<SourceWanted> wanted, CancellationToken cancellation) => UploadAsync(wanted, null, cancellation);

    /// <summary>Lists everything first: with a problem nothing is sent. Throws <see cref="StoreException"/> when the store refuses.</summary>
    public async Task<SourceUpload> UploadAsync(ImmutableArray<SourceWanted> wanted, IProgress<SourceProgress>? progress, CancellationToken cancellation)
    {
        List<string> problems = [];
        List<(int Source, SourceFile File)> files = [];
        for (var i = 0; i < wanted.Length && files.Count <= MaxFiles; i++)
        {
            files.AddRange(SourceWalk.List(wanted[i], MaxFiles - files.Count, problems).Select(file => (i, file)));
        }

        if (files.Count > MaxFiles)
        {
            problems.Add($"more than {MaxFiles.ToString("N0", CultureInfo.InvariantCulture)} files in code and data; exclude some, or pack them into an archive");
        }

        if (problems.Count > 0)
        {
            return Refused(problems);
        }

        var run = new Run(store, files.Count, files.Sum(file => file.File.Size), progress);
        var staged = new StageFile?[files.Count];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, files.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (i, token) => staged[i] = await run.TakeAsync(files[i].File, token));
        if (run.Problems.Count > 0)
        {
            return Refused(run.Problems);
        }

        return new()
        {
            Sources = [.. wanted.Select((source, s) => new StageSource { To = source.To, Files = [.. staged.Where((_, i) => files[i].Source == s).Select(file => file!)] })],
            Problems = [],
            Uploaded = run.Uploaded,
            UploadedBytes = run.UploadedBytes,
            Digest = Digest(wanted, files, staged),
        };
    }

    private static SourceUpload Refused(List<string> problems)
    {
        // A folder reached through a link as well shows its problems twice.
        string[] lines = [.. problems.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new()
        {
            Sources = [],
            Problems = lines.Length <= MaxProblems ? [.. lines] : [.. lines.Take(MaxProblems), $"and {lines.Length - MaxProblems} more such problems"],
        };
    }

    private static string Digest(ImmutableArray<SourceWanted> wanted, List<(int Source, SourceFile File)> files, StageFile?[] staged)
    {
        var hash = new XxHash128();
        for (var i = 0; i < staged.Length; i++)
        {
            var file = staged[i]!;
            var line = string.Join('\0', wanted[files[i].Source].To, file.Path, file.Size.ToString(CultureInfo.InvariantCulture), file.Hash, file.Mode.ToString(CultureInfo.InvariantCulture));
            hash.Append(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return ContentHash.Text(hash);
    }

    /// <summary>One upload's counters, shared by its workers.</summary>
    private sealed class Run(IObjectStore store, int files, long bytes, IProgress<SourceProgress>? progress)
    {
        private readonly Lock _lock = new();
        private int _done;
        private long _doneBytes;

        internal List<string> Problems { get; } = [];

        internal int Uploaded { get; private set; }

        internal long UploadedBytes { get; private set; }

        internal async Task<StageFile?> TakeAsync(SourceFile file, CancellationToken cancellation)
        {
            try
            {
                await using var content = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
                var (hash, size) = await ContentHash.OfAsync(content, cancellation);
                var key = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{hash}-{size}");
                content.Position = 0;
                Count(size, await SendAsync(key, content, hash, size, cancellation));
                return new(file.Path, key, size, hash, file.Mode);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                lock (_lock)
                {
                    Problems.Add($"{file.FullPath}: {error.Message}");
                }

                return null;
            }
        }

        // True: it was sent; false: the store has it.
        private async Task<bool> SendAsync(string key, Stream content, string hash, long size, CancellationToken cancellation)
        {
            var found = await store.HeadAsync(key, cancellation);
            var wrong = found is not null && (found.Size != size || (found.Hash ?? hash) != hash);
            if (found is not null && !wrong)
            {
                return false;
            }

            var verifying = new VerifyingStream(content, hash);
            try
            {
                await store.WriteAsync(key, verifying, size, onlyIfAbsent: !wrong, cancellation);
                return true;
            }
            catch (StoreException known) when (known.Kind == StoreErrorKind.Exists)
            {
                return false;
            }
            catch (StoreException changed) when (verifying.Differs || changed.Kind == StoreErrorKind.Invalid)
            {
                throw new IOException("the file changed while it was read; submit again when it is at rest", changed);
            }
        }

        private void Count(long size, bool sent)
        {
            lock (_lock)
            {
                _done++;
                _doneBytes += size;
                Uploaded += sent ? 1 : 0;
                UploadedBytes += sent ? size : 0;
                progress?.Report(new(_done, files, _doneBytes, bytes));
            }
        }
    }
}
