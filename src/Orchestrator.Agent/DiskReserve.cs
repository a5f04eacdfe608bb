using Orchestrator.Agent.Native;

namespace Orchestrator.Agent;

/// <summary>A few megabytes held back, so that a disk that the trainer filled still takes the agent's journal.</summary>
internal sealed class DiskReserve
{
    private const long Bytes = 4L << 20;
    private readonly string _path;

    public DiskReserve(string path)
    {
        _path = path;
        try
        {
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            _ = Libc.fallocate(file, 0, 0, Bytes);
        }
        catch (IOException e)
        {
            Diagnostics.Write($"no disk can be held back: {e.Message}");
        }
    }

    public void Release()
    {
        try
        {
            File.Delete(_path);
        }
        catch (IOException e)
        {
            Diagnostics.Write($"the reserve cannot be released: {e.Message}");
        }
    }
}
