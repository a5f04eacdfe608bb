using System.Globalization;
using System.Text;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>
/// What the store learnt of an object while receiving it, kept beside the plain file. It counts only while size and time of
/// the file are those it was written for, so a file that somebody replaced has no hash rather than a wrong one.
/// </summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedTicks">The file's modification time, UTC, in .NET ticks.</param>
/// <param name="Hash">XXH128, 32 lower-case hex digits.</param>
/// <param name="UploadId">The multipart upload it came from; <c>-</c> for none.</param>
internal sealed record FolderMeta(long Size, long ModifiedTicks, string Hash, string UploadId)
{
    private const int MaxBytes = 4096;

    internal static FolderMeta? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            Span<byte> buffer = stackalloc byte[MaxBytes];
            var read = file.ReadAtLeast(buffer, MaxBytes, throwOnEndOfStream: false);
            return Parse(Encoding.UTF8.GetString(buffer[..read]));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal string Line() => string.Create(CultureInfo.InvariantCulture, $"1 {Size} {ModifiedTicks} {Hash} {UploadId}\n");

    // The final line feed is part of the format: a file cut short by a power cut is not taken for a whole one.
    private static FolderMeta? Parse(string text)
    {
        var parts = text.EndsWith('\n') ? text[..^1].Split(' ') : [];
        return parts.Length == 5 && parts[0] == "1" && ContentHash.IsValid(parts[3])
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(size, ticks, parts[3], parts[4])
            : null;
    }
}
