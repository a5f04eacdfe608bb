using System.Globalization;

namespace Orchestrator.Engine.Embedded;

/// <summary>What a postmaster writes about itself into postmaster.pid.</summary>
internal sealed record PostmasterFile(int Pid, string? SocketFolder)
{
    private const int LongestFile = 16 * 1024;

    internal static PostmasterFile? Read(string path)
    {
        try
        {
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var text = new char[LongestFile];
            return Parse(new string(text, 0, file.ReadBlock(text)));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // None, or another user's, which is not ours to attach to.
            return null;
        }
    }

    /// <summary>Lines: pid, data folder, start, port, socket folder, ... A file that is still being written has fewer.</summary>
    internal static PostmasterFile? Parse(string text)
    {
        var lines = text.Split('\n');
        // A stand-alone backend (a single-user session) writes its pid negated.
        return int.TryParse(lines[0].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid) && pid != 0 && pid != int.MinValue
            ? new(Math.Abs(pid), lines.Length > 4 && lines[4].Length > 0 ? lines[4] : null)
            : null;
    }
}
