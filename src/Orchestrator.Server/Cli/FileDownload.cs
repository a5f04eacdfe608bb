using System.Buffers;
using System.IO.Hashing;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli;

/// <summary>One stored file to disk, whole and verified or not at all. Its path came from a host and is not trusted.</summary>
internal static class FileDownload
{
    private const int BufferSize = 256 * 1024;

    internal static async Task RunAsync(ApiClient api, string job, StoredFile file, string folder, CancellationToken cancellation)
    {
        var target = TargetOf(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        RefuseLinks(folder, target);
        var temporary = $"{target}.{Environment.ProcessId}.part";
        try
        {
            using var response = await api.OpenAsync(ApiClient.Job(job, $"/files?key={Uri.EscapeDataString(file.Key)}"), cancellation);
            await using (var content = await response.Content.ReadAsStreamAsync(cancellation))
            await using (var disk = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                await CopyAsync(content, disk, file, cancellation);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new CliException(ExitCodes.Unreachable, $"cannot fetch {Clean.Line(file.Path, 200)}: {error.Message}", "run the same command again");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The place below the folder; throws for a path that would leave it.</summary>
    internal static string TargetOf(string folder, string path)
    {
        var parts = path.Split('/');
        if (path.Length is 0 or > 4_096 || parts.Any(part => part is "" or "." or ".." || part.Any(char.IsControl)))
        {
            throw new CliException(ExitCodes.JobFailed, $"the store names a file \"{Clean.Line(path, 200)}\", which is no path below a folder", "it is not written; fetch it by hand if you trust it");
        }

        return Path.Combine([folder, .. parts]);
    }

    private static void RefuseLinks(string folder, string target)
    {
        for (var at = Path.GetDirectoryName(target)!; at.Length > folder.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new DirectoryInfo(at).LinkTarget is not null)
            {
                throw new CliException(ExitCodes.Usage, $"{at} is a link; files below it would land elsewhere", "fetch into a new folder");
            }
        }
    }

    private static async Task CopyAsync(Stream content, Stream disk, StoredFile file, CancellationToken cancellation)
    {
        var hash = new XxHash128();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var size = 0L;
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancellation)) > 0)
            {
                hash.Append(buffer.AsSpan(0, read));
                size += read;
                await disk.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (size != file.Size || (file.Hash is { } expected && expected != Convert.ToHexStringLower(hash.GetCurrentHash())))
        {
            throw new CliException(ExitCodes.JobFailed, $"{Clean.Line(file.Path, 200)} is damaged in the store", "fetch the checkpoint before it");
        }
    }
}
