using System.Runtime.InteropServices;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Journal;

/// <summary>
/// Blocks beyond the end of a file that are the file's already: a trainer that fills the disk, and takes at once whatever is
/// freed, cannot keep us from saying so.
/// </summary>
internal sealed class HeldRoom
{
    private const long Ahead = 256 << 10;
    private long _to;

    public void Keep(SafeHandle file, long end)
    {
        if (_to - end < Ahead / 2 && Libc.fallocate(file, Libc.KeepSize, end, Ahead) == 0)
        {
            _to = end + Ahead;
        }
    }

    /// <summary>The file was cut or replaced: what lay beyond its end is gone.</summary>
    public void Forget() => _to = 0;
}
