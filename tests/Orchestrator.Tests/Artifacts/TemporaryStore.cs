using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Json;

namespace Orchestrator.Tests.Artifacts;

/// <summary>A real folder store in a temporary folder, and checkpoints in it.</summary>
internal sealed class TemporaryStore : IDisposable
{
    internal const string Job = "jobs/digits-7/e1/";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("orchestrator-store-");

    internal TemporaryStore(TimeProvider? time = null) =>
        Store = new(_root.FullName, new byte[32], () => new Uri("http://127.0.0.1:1/store"), time ?? TimeProvider.System);

    internal FolderStore Store { get; }

    internal string Folder => _root.FullName;

    public void Dispose() => _root.Delete(recursive: true);

    internal async Task<ManifestFile> PutFileAsync(int attempt, int ordinal, string path, string content)
    {
        var key = ObjectKeys.CheckpointFiles(ObjectKeys.Attempt(Job, attempt), ordinal) + path;
        await PutAsync(key, content);
        return new() { Path = path, Key = key, Size = content.Length, Hash = Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(content))) };
    }

    internal Task PutAsync(string key, string content) =>
        Store.WriteAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(content)), Encoding.UTF8.GetByteCount(content), onlyIfAbsent: true, default);

    /// <summary>Stores the manifest and returns its key.</summary>
    internal async Task<string> PutManifestAsync(int attempt, int ordinal, params ManifestFile[] files)
    {
        var manifest = new CheckpointManifest { Job = "7", Attempt = attempt, Ordinal = ordinal, Entry = "step-5", Step = 5, TakenAt = DateTimeOffset.UnixEpoch, Files = [.. files] };
        var key = ObjectKeys.Manifest(ObjectKeys.Attempt(Job, attempt), ordinal);
        await PutAsync(key, JsonSerializer.Serialize(manifest, CoreJson.Default.CheckpointManifest));
        return key;
    }

    internal async Task<List<string>> KeysAsync(string prefix = Job) => [.. await Store.ListAsync(prefix, default).Select(found => found.Key).ToListAsync()];
}
