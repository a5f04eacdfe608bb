using System.Runtime.InteropServices;

namespace Orchestrator.Engine;

/// <summary>
/// Time whose stamps go on while the machine is suspended (CLOCK_BOOTTIME), unlike <see cref="System.Diagnostics.Stopwatch"/>:
/// a laptop that slept through its lease must know it.
/// </summary>
public sealed partial class BootClock : TimeProvider
{
    private const int ClockBoottime = 7;

    public static readonly BootClock Instance = new();

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp()
    {
        if (ClockGetTime(ClockBoottime, out var now) != 0)
        {
            throw new InvalidOperationException("clock_gettime(CLOCK_BOOTTIME) failed");
        }

        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
