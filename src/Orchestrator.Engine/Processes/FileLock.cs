using System.Globalization;

namespace Orchestrator.Engine.Processes;

/// <summary>
/// A lock between processes of one machine: held while the file is open, so it ends with its holder however that ends.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock; <see cref="TimeoutException"/> when the limit has passed. The file is created with mode 0600 and stays.</summary>
    public static async Task<FileLock> AcquireAsync(string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"another process has held {path} for {limit.TotalSeconds:0} s"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    /// <summary>Null where another process (or another part of this one) holds the lock.</summary>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new(new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException error) when (error is { HResult: WouldBlock } and not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    // What the BCL reports when another open file holds the flock: the raw EWOULDBLOCK of Linux.
    private const int WouldBlock = 11;
}
