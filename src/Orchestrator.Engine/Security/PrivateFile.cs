using System.Text;

namespace Orchestrator.Engine.Security;

/// <summary>Small files that only their owner may read.</summary>
internal static class PrivateFile
{
    private const int Longest = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Creates the file with all its content or not at all, and never replaces one: of several processes that create it
    /// at once, one wins. False: it was there already.
    /// </summary>
    internal static bool TryCreate(string path, string text)
    {
        var temporary = path + "." + Guid.NewGuid().ToString("n");
        try
        {
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Refuses a file that others may read: whatever is in it may be known already, and only a person can judge that.</summary>
    internal static string Read(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new UnauthorizedAccessException($"{path} is open to other users (mode {Convert.ToString((int)mode, 8)}); if nobody has read it: chmod 600 {path}");
        }

        return new FileInfo(path).Length <= Longest ? File.ReadAllText(path) : throw new InvalidDataException($"{path} is far too long to be what it should be");
    }
}
