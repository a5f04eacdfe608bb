using System.Globalization;
using System.Text;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Backups;

/// <summary>
/// The files of a backup on their way into a data folder: laid down whole beside their places, moved there once the database is
/// restored. What they replace is kept in a folder beside them.
/// </summary>
public sealed class RestoredFiles : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;
    private readonly DataFolder _folder;
    private readonly string _stage;
    private readonly List<string> _names = [];

    private RestoredFiles(DataFolder folder)
    {
        _folder = folder;
        _stage = Path.Combine(folder.Run, "restore.unfinished");
    }

    /// <summary>The backup's own configuration, where it has one and is to be used.</summary>
    public string? Configuration => _names.Contains(BackedUpFiles.Configuration) ? Path.Combine(_stage, BackedUpFiles.Configuration) : null;

    /// <summary>Where what was replaced lies; null = nothing was.</summary>
    public string? Replaced { get; private set; }

    public int Count => _names.Count;

    /// <summary>Changes nothing that was there.</summary>
    /// <param name="archive">Verified.</param>
    /// <param name="folder">Of the installation that it becomes.</param>
    /// <param name="withConfiguration">With its orchestrator.yaml. How the machine is set up already is a person's, and may name another database.</param>
    /// <param name="force">Also over another installation's.</param>
    public static RestoredFiles Stage(BackupArchive archive, DataFolder folder, bool withConfiguration, bool force)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(folder);
        var files = new RestoredFiles(folder);
        try
        {
            files.Clear();
            foreach (var file in archive.Manifest.Files.Where(file => withConfiguration || file.Name != BackedUpFiles.Configuration))
            {
                files.Put(file.Name, archive.File(file.Name), force);
            }

            return files;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            files.Clear();
            throw new BackupException($"the files of the backup cannot be written below {folder.Root}: {failed.Message}", "make room there; nothing was changed", failed);
        }
        catch
        {
            files.Clear();
            throw;
        }
    }

    /// <summary>Moves them into their places.</summary>
    public void Place(DateTimeOffset now)
    {
        try
        {
            MoveAll(now);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Without them a server says what it lacks and does not start.
            throw new BackupException($"the database is restored, and the files in {_folder.Root} are not: {failed.Message}", "mend that, then restore once more with --force", failed);
        }
    }

    public void Dispose() => Clear();

    private void MoveAll(DateTimeOffset now)
    {
        foreach (var name in _names)
        {
            var (from, to) = (Path.Combine(_stage, name), Path.Combine(_folder.Root, name));
            if (File.Exists(to) && !File.ReadAllBytes(to).AsSpan().SequenceEqual(File.ReadAllBytes(from)))
            {
                Replaced ??= Path.Combine(_folder.Root, string.Create(CultureInfo.InvariantCulture, $"before-restore-{now:yyyyMMdd-HHmmss}"));
                MoveInto(to, Path.Combine(Replaced, name));
            }

            MoveInto(from, to);
        }

        PosixFiles.Flush(_folder.Root);
    }

    private void Clear()
    {
        if (Directory.Exists(_stage))
        {
            Directory.Delete(_stage, recursive: true);
        }
    }

    private void Put(string name, byte[] content, bool force)
    {
        if (!BackedUpFiles.IsKnown(name, _folder))
        {
            throw new BackupException($"the backup holds {name}, which this program does not know", "restore it with the version that made it, or a later one");
        }

        var path = Path.Combine(_stage, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnersFolder);
        using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(name == Path.GetFileName(_folder.InstallationFile) ? Record(content, force) : content);
            file.Flush(flushToDisk: true);
        }

        _names.Add(name);
    }

    /// <summary>The record of what was launched: what the folder knows beyond the backup must not be lost.</summary>
    private byte[] Record(byte[] content, bool force)
    {
        var archived = InstallationJson.Read(Encoding.UTF8.GetString(content), "installation.json in the backup");
        if (new InstallationFile(_folder.InstallationFile).Read() is not { } here)
        {
            return content;
        }

        return here.Epoch == archived.Epoch ? Encoding.UTF8.GetBytes(InstallationJson.Write(archived.Merge(here)))
            // Of one descent: the folder has gone on since, and the database's older epoch will be noticed.
            : here.Former.Contains(archived.Epoch) ? Encoding.UTF8.GetBytes(InstallationJson.Write(here))
            : archived.Former.Contains(here.Epoch) || force ? content
            : throw new BackupException($"{_folder.Root} is the data folder of another installation ({here.Epoch}, the backup is of {archived.Epoch})", "restore into a folder of its own with --data, or say --force to replace that one") { NeedsForce = true };
    }

    private static void MoveInto(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!, OwnersFolder);
        File.Move(from, to, overwrite: true);
    }
}
