using Orchestrator.Agent.Native;

namespace Orchestrator.Agent;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>See <see cref="DiskReserve"/>.</summary>
    public const string ReserveName = "reserve";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>On a disk that the trainer filled the reserve beside the file is given up for it, slice by slice: state must not be what is lost.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var reserve = Path.Combine(Path.GetDirectoryName(path) ?? "", ReserveName);
        while (true)
        {
            try
            {
                WriteOnce(path, content);
                return;
            }
            catch (IOException e) when (DiskFull.IsSaidBy(e) && DiskReserve.Shrink(reserve))
            {
                // Once more, with what was just freed.
            }
        }
    }

    private static void WriteOnce(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Null = no such file. A pipe that a trainer has put in its place is an error, and never waited for.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            using var file = new FileStream(RegularFile.Open(path), FileAccess.Read, bufferSize: 0);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (IOException e) when (e.HResult is Libc.NoSuchEntry or Libc.NotAFolder)
        {
            return null;
        }
    }
}
