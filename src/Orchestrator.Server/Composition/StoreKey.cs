using System.Security.Cryptography;
using Orchestrator.Engine.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>The key that signs the folder store's URLs: a 0600 file, so that URLs outlive a restart and every server of the installation signs alike.</summary>
internal static class StoreKey
{
    private const int Length = 32;

    public static byte[] LoadOrCreate(DataFolder folder)
    {
        var path = Path.Combine(folder.Root, "store.key");
        try
        {
            using var created = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            var key = RandomNumberGenerator.GetBytes(Length);
            created.Write(key);
            created.Flush(flushToDisk: true);
            return key;
        }
        catch (IOException) when (File.Exists(path))
        {
            var key = File.ReadAllBytes(path);
            return key.Length == Length ? key : throw new InvalidDataException($"{path} is damaged ({key.Length} bytes instead of {Length}); remove it: URLs handed out before become invalid, nothing else is lost");
        }
    }
}
