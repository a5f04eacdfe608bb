using System.IO.Compression;
using System.Security.Cryptography;

namespace Orchestrator.Engine.Backups;

/// <summary>A backup that was opened to be restored. Its index is at its end, so one that was cut off does not open.</summary>
public sealed class BackupArchive : IDisposable
{
    internal const string ManifestEntry = "manifest.json";
    private const long LongestManifest = 16 << 20;
    private const long LongestFile = 64 << 20;
    private readonly ZipArchive _archive;
    private readonly string _path;

    private BackupArchive(ZipArchive archive, string path)
    {
        (_archive, _path) = (archive, path);
        Manifest = BackupJson.Read(Bytes(ManifestEntry, LongestManifest), path);
    }

    public BackupManifest Manifest { get; }

    public static BackupArchive Open(string path)
    {
        var full = Path.GetFullPath(path);
        ZipArchive? archive = null;
        try
        {
            archive = ZipFile.OpenRead(full);
            var opened = new BackupArchive(archive, full);
            archive = null;
            return opened;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException)
        {
            throw new BackupException($"{full} was cut off or damaged, or is no backup: {wrong.Message}", "take another backup", wrong);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{full} cannot be read: {missing.Message}", "name the file that `orchestrator server backup` made", missing);
        }
        finally
        {
            archive?.Dispose();
        }
    }

    /// <summary>Reads all of it and compares with the manifest, before anything is changed.</summary>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        var expected = Manifest.Tables.Select(table => (Entry: TableEntry(table.Name), table.Sha256)).Concat(Manifest.Files.Select(file => (Entry: FileEntry(file.Name), file.Sha256))).ToList();
        foreach (var (entry, sha256) in expected)
        {
            if (await HashAsync(entry, cancellation) != sha256)
            {
                throw Damaged(entry, "its content is not what was written");
            }
        }

        var known = expected.Select(one => one.Entry).Append(ManifestEntry).ToHashSet(StringComparer.Ordinal);
        if (_archive.Entries.FirstOrDefault(entry => !known.Contains(entry.FullName)) is { } stranger)
        {
            throw Damaged(stranger.FullName, "the manifest does not name it");
        }
    }

    public void Dispose() => _archive.Dispose();

    internal static string TableEntry(string table) => $"database/{table}.copy";

    internal static string FileEntry(string name) => $"folder/{name}";

    internal Stream OpenTable(string table) => Entry(TableEntry(table)).Open();

    internal byte[] File(string name) => Bytes(FileEntry(name), LongestFile);

    private async Task<string> HashAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await using var content = Entry(name).Open();
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            throw Damaged(name, damaged.Message, damaged);
        }
    }

    private byte[] Bytes(string name, long longest)
    {
        var entry = Entry(name);
        if (entry.Length > longest)
        {
            throw Damaged(name, "it is far too long");
        }

        using var content = entry.Open();
        var bytes = new byte[entry.Length];
        content.ReadExactly(bytes);
        return bytes;
    }

    private ZipArchiveEntry Entry(string name) => _archive.GetEntry(name) ?? throw Damaged(name, "it is missing");

    private BackupException Damaged(string what, string why, Exception? inner = null) => new($"{_path} is damaged, or no backup: {what}: {why}", "take another backup", inner);
}
