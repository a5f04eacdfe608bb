using System.Globalization;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Unfinished multipart uploads: one folder each with the key and the parts, outside the objects so that no list shows them.</summary>
internal sealed class FolderUploads(FolderLayout layout, FolderFiles files)
{
    internal const int MaxParts = 10_000;
    private const string KeyFile = "key";
    private const string LockFile = "lock";

    internal string Begin(string key)
    {
        var id = Guid.NewGuid().ToString("N");
        files.Guarded(key, () =>
        {
            // Made under another name first, so that an upload without its key never shows up.
            var making = layout.NewIncoming();
            Directory.CreateDirectory(making);
            Directory.CreateDirectory(layout.Uploads);
            File.WriteAllText(Path.Combine(making, KeyFile), key);
            Directory.Move(making, layout.Upload(id));
        });
        return id;
    }

    /// <summary>Whether this is an unfinished upload of that key.</summary>
    internal bool Knows(string key, string uploadId) => IsId(uploadId) && KeyOf(layout.Upload(uploadId)) == key;

    internal void PutPart(FolderFiles.Received received, string key, string uploadId, int part)
    {
        try
        {
            File.Move(received.Path, PartPath(uploadId, part), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(received.Path);
            throw error is DirectoryNotFoundException or FileNotFoundException ? FolderErrors.NoUpload(key, uploadId) : FolderErrors.From(error, layout.Root, key);
        }
    }

    /// <summary>The parts in order; throws unless they are 1, 2, 3 … without a gap.</summary>
    internal IReadOnlyList<FileInfo> Parts(string key, string uploadId)
    {
        var parts = new DirectoryInfo(layout.Upload(uploadId)).EnumerateFiles("part-*").OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Name != PartName(i + 1))
            {
                throw new StoreException(StoreErrorKind.Invalid, $"upload of {StoreKeys.Shown(key)}: part {i + 1} is missing");
            }
        }

        return parts.Count > 0 ? parts : throw new StoreException(StoreErrorKind.Invalid, $"upload of {StoreKeys.Shown(key)}: it has no parts");
    }

    /// <summary>Held while the parts are joined, so that two servers do not join at once.</summary>
    internal FileStream Lock(string key, string uploadId)
    {
        try
        {
            return new(Path.Combine(layout.Upload(uploadId), LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException)
        {
            throw FolderErrors.NoUpload(key, uploadId);
        }
        catch (IOException busy)
        {
            throw new StoreException(StoreErrorKind.Transient, $"upload of {StoreKeys.Shown(key)} is being completed by another call; try again", busy);
        }
    }

    internal void Remove(string key, string uploadId)
    {
        if (!IsId(uploadId))
        {
            return;
        }

        files.Guarded(key, () =>
        {
            // Moved first: parts still arriving then find no upload, and nothing is added while it is being deleted.
            var away = layout.NewIncoming();
            Directory.CreateDirectory(layout.Incoming);
            try
            {
                Directory.Move(layout.Upload(uploadId), away);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }

            Directory.Delete(away, recursive: true);
        });
    }

    internal IReadOnlyList<(string Key, string UploadId)> Below(string prefix) => !Directory.Exists(layout.Uploads)
        ? []
        : [.. Directory.EnumerateDirectories(layout.Uploads)
            .Select(folder => (Key: KeyOf(folder), UploadId: Path.GetFileName(folder)))
            .Where(u => u.Key is not null && u.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(u => (u.Key!, u.UploadId))];

    /// <summary>Checked before an id becomes part of a path.</summary>
    internal static bool IsId(string? uploadId) => uploadId is { Length: 32 } && uploadId.All(char.IsAsciiHexDigitLower);

    private string PartPath(string uploadId, int part) => Path.Combine(layout.Upload(uploadId), PartName(part));

    private static string PartName(int part) => string.Create(CultureInfo.InvariantCulture, $"part-{part:D5}");

    private static string? KeyOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, KeyFile));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
