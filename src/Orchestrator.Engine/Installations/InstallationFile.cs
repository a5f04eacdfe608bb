using System.Text;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Installations;

/// <summary>The record in the data folder. Several servers may share the folder, so a change is read, merged and renamed under a lock.</summary>
internal sealed class InstallationFile(string path)
{
    private static readonly TimeSpan _lockLimit = TimeSpan.FromSeconds(30);

    internal string Path => path;

    /// <summary>Null = there is none.</summary>
    internal InstallationRecord? Read() => File.Exists(path) ? InstallationJson.Read(File.ReadAllText(path), path) : null;

    /// <returns>What is in the file now.</returns>
    internal async Task<InstallationRecord> ChangeAsync(Func<InstallationRecord?, InstallationRecord> change, CancellationToken cancellation)
    {
        using var held = await FileLock.AcquireAsync(path + ".lock", _lockLimit, cancellation);
        var before = Read();
        var after = change(before);
        if (!ReferenceEquals(before, after))
        {
            Write(after);
        }

        return after;
    }

    private void Write(InstallationRecord record)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(Encoding.UTF8.GetBytes(InstallationJson.Write(record)));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
