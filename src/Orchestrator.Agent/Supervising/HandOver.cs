using System.Globalization;
using System.Text;

namespace Orchestrator.Agent.Supervising;

/// <summary>
/// An instance gets its next owner: all that runs for the former one is killed, and what the agent knew of it is deleted. Only forward, and once for
/// each owner: whoever comes late, or twice, finds that it was done, or is refused. The lease stays, so that an instance which nobody comes back to ends itself.
/// </summary>
internal static class HandOver
{
    /// <summary>The instance is a later owner's by now.</summary>
    private const int PassedOn = 3;

    /// <summary>For the former supervisor to let go of its lock, in milliseconds.</summary>
    private const int Longest = 30_000;

    /// <summary>Stands behind the number for as long as it is not done.</summary>
    private const char Begun = '*';

    /// <returns>The exit code.</returns>
    public static int Run(AgentFolder folder, int owner)
    {
        folder.Create();
        using var turn = Turn(folder);
        if (turn is null)
        {
            StandardStreams.Error("orchestrator-agent: another one hands the instance over");
            return 1;
        }

        var now = OwnerOf(folder);
        if (now > owner || (now == owner && !IsBegun(folder)))
        {
            return now == owner ? 0 : PassedOn;
        }

        // From here on nothing is started for the former one any more; what is just being started shows by its lock.
        Note(folder, owner, isBegun: true);
        for (var deadline = Environment.TickCount64 + Longest; ;)
        {
            if (Destroyer.Run(folder) is not 0 and var failed)
            {
                return failed;
            }

            if (!AliveLock.IsHeld(folder))
            {
                break;
            }

            if (Environment.TickCount64 > deadline)
            {
                StandardStreams.Error("orchestrator-agent: the former owner's supervisor does not end");
                return 1;
            }

            Thread.Sleep(20);
        }

        foreach (var path in Directory.GetFileSystemEntries(folder.Own).Where(path => !Stays(folder, path)))
        {
            if (Directory.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: false) is null)
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        // Last of all: where this died before, all of it is done again.
        Note(folder, owner, isBegun: false);
        return 0;
    }

    /// <summary>How many owners the instance had before the present one.</summary>
    public static int OwnerOf(AgentFolder folder) =>
        Noted(folder) is { } noted && int.TryParse(noted.TrimEnd(Begun), NumberStyles.None, CultureInfo.InvariantCulture, out var owner) ? owner : 0;

    private static bool IsBegun(AgentFolder folder) => Noted(folder)?.EndsWith(Begun) == true;

    private static string? Noted(AgentFolder folder) => AtomicFile.Read(folder.Owner) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static void Note(AgentFolder folder, int owner, bool isBegun) =>
        AtomicFile.Write(folder.Owner, Encoding.UTF8.GetBytes(owner.ToString(CultureInfo.InvariantCulture) + (isBegun ? Begun : "")));

    private static bool Stays(AgentFolder folder, string path) => path == folder.Lease || path == folder.ImageEntries || path == folder.Owner || path == folder.HandingOver;

    private static FileStream? Turn(AgentFolder folder)
    {
        for (var deadline = Environment.TickCount64 + 60_000; ;)
        {
            try
            {
                return new FileStream(folder.HandingOver, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(100);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
