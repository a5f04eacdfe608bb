using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Engine.Artifacts.S3;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>What lies in the bucket of a test's jobs, read past the product: nobody's books are believed.</summary>
public sealed class JobBucket(S3Store store) : IDisposable
{
    /// <summary>Of the store that holds checkpoints, below its bucket.</summary>
    public const string Prefix = "team-a/";

    public async Task<List<string>> KeysAsync(string name, long job) =>
        [.. await store.ListAsync(string.Create(CultureInfo.InvariantCulture, $"{Prefix}jobs/{name}-{job}/"), default).Select(found => found.Key).ToListAsync()];

    /// <summary>By attempt and ordinal.</summary>
    public async Task<List<string>> ManifestsAsync(string name, long job) =>
        [.. (await KeysAsync(name, job)).Where(key => key.EndsWith("/manifest.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public async Task<JsonNode> ManifestAsync(string key) => JsonNode.Parse(await TextAsync(key))!;

    public async Task<long> StepAsync(string manifest) => (await ManifestAsync(manifest))["step"]!.GetValue<long>();

    /// <summary>Every byte that any manifest names.</summary>
    public async Task CheckManifestsAsync(string name, long job)
    {
        var manifests = await ManifestsAsync(name, job);
        Assert.NotEmpty(manifests);
        foreach (var key in manifests)
        {
            foreach (var file in (await ManifestAsync(key))["files"]!.AsArray())
            {
                var content = await BytesAsync(Prefix + file!["key"]!.GetValue<string>());
                Assert.Equal(file["size"]!.GetValue<long>(), content.Length);
                Assert.Equal(file["hash"]!.GetValue<string>(), Convert.ToHexStringLower(XxHash128.Hash(content)));
            }
        }
    }

    public async Task PutAsync(string key, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        await store.WriteAsync(key, new MemoryStream(bytes), bytes.Length, onlyIfAbsent: false, default);
    }

    public async Task<string> TextAsync(string key) => Encoding.UTF8.GetString(await BytesAsync(key));

    public async Task<byte[]> BytesAsync(string key)
    {
        await using var content = await store.ReadAsync(key, 0, null, default);
        using var read = new MemoryStream();
        await content.CopyToAsync(read);
        return read.ToArray();
    }

    public void Dispose() => store.Dispose();
}
