using Orchestrator.Agent.Native;

namespace Orchestrator.Agent;

/// <summary>
/// A few megabytes held back, so that a disk that the trainer filled still takes the agent's state. Given up in slices: a
/// trainer that writes on takes what is freed and not used at once, and there must be enough for the next time.
/// </summary>
internal sealed class DiskReserve(string path)
{
    private const long Bytes = 4L << 20;
    private const long Slice = 64L << 10;

    /// <summary>Holds back what is missing of it; for a disk that has room (again).</summary>
    public void Take()
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            if (RandomAccess.GetLength(file) < Bytes)
            {
                _ = Libc.fallocate(file, 0, 0, Bytes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"no disk can be held back: {e.Message}");
        }
    }

    public bool Shrink() => Shrink(path);

    /// <returns>False = nothing is left of it.</returns>
    public static bool Shrink(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            var length = RandomAccess.GetLength(file);
            RandomAccess.SetLength(file, Math.Max(0, length - Slice));
            return length > 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"the reserve cannot be given up: {e.Message}");
            return false;
        }
    }
}
