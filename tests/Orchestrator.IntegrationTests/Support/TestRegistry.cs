using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>Debian's docker-registry on a free port of loopback, with a login, with TLS or as anybody's.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    public const string User = "tester";
    public const string Password = "s3cret-Pass";

    // bcrypt of the password; the registry takes nothing else, and the program that makes them is in another package.
    private const string Htpasswd = "tester:$2y$05$8a0zj6gJovQvcckSuiXpb.TU6jFdWAB5CaoUhY8VMun4HfTA2c6Zi";

    private readonly string _folder;
    private readonly Process _process;
    private readonly HttpClient _http;

    private TestRegistry(string folder, Process process, string host, HttpClient http) => (_folder, _process, Host, _http) = (folder, process, host, http);

    public static string? Program { get; } = new[] { "/usr/bin/docker-registry", "/usr/local/bin/docker-registry" }.FirstOrDefault(File.Exists);

    /// <summary>As images name it: 127.0.0.1:PORT.</summary>
    public string Host { get; }

    /// <summary>A port that was free may be somebody's a moment later: then it ends at once, and another is tried.</summary>
    public static async Task<TestRegistry> StartAsync(bool login = false, X509Certificate2? certificate = null)
    {
        for (var tries = 1; ; tries++)
        {
            var registry = await LaunchAsync(login, certificate);
            await Eventually.HoldsAsync(async () => registry._process.HasExited || await registry.AnswersAsync(), TimeSpan.FromMinutes(3), "the registry never answered");
            if (!registry._process.HasExited)
            {
                return registry;
            }

            await registry.DisposeAsync();
            Assert.True(tries < 5, "the registry ends at once");
        }
    }

    private static async Task<TestRegistry> LaunchAsync(bool login, X509Certificate2? certificate)
    {
        var folder = Directory.CreateTempSubdirectory("orc-registry-").FullName;
        var host = $"127.0.0.1:{FreePort()}";
        var yaml = new StringBuilder($"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder}/data}}}}\nhttp:\n  addr: {host}\n");
        if (certificate is not null)
        {
            await File.WriteAllTextAsync($"{folder}/cert.pem", certificate.ExportCertificatePem());
            await File.WriteAllTextAsync($"{folder}/key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
            yaml.Append($"  tls: {{certificate: {folder}/cert.pem, key: {folder}/key.pem}}\n");
        }

        if (login)
        {
            await File.WriteAllTextAsync($"{folder}/htpasswd", Htpasswd + "\n");
            yaml.Append($"auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}\n");
        }

        await File.WriteAllTextAsync($"{folder}/config.yml", yaml.ToString());
        var start = new ProcessStartInfo(Program ?? throw new InvalidOperationException("docker-registry is not installed")) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("serve");
        start.ArgumentList.Add($"{folder}/config.yml");
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate?.GetCertHashString();
        var http = new HttpClient(handler) { BaseAddress = new Uri($"{(certificate is null ? "http" : "https")}://{host}") };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
        return new(folder, process, host, http);
    }

    /// <summary>Pushes an image of one layer, without Docker. Gives the digest of its manifest.</summary>
    public async Task<string> PushAsync(string repository, string tag, int layerBytes)
    {
        var config = """{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}"""u8.ToArray();
        var layer = RandomNumberGenerator.GetBytes(layerBytes);
        await BlobAsync(repository, config);
        await BlobAsync(repository, layer);
        return await ManifestAsync(repository, tag, "application/vnd.docker.distribution.manifest.v2+json", $$"""
            {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
             "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": {{config.Length}}, "digest": "{{DigestOf(config)}}"},
             "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": {{layerBytes}}, "digest": "{{DigestOf(layer)}}"}]}
            """);
    }

    /// <summary>An index over a manifest that is there, as images for several platforms have one.</summary>
    public Task<string> PushIndexAsync(string repository, string tag, string manifest) => ManifestAsync(
        repository, tag, "application/vnd.docker.distribution.manifest.list.v2+json", $$$"""
            {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
             "manifests": [{"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "size": 1, "digest": "{{{manifest}}}", "platform": {"architecture": "amd64", "os": "linux"}}]}
            """);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await _http.GetAsync("/v2/")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task BlobAsync(string repository, byte[] bytes)
    {
        using var begun = await _http.PostAsync($"/v2/{repository}/blobs/uploads/", null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var place = begun.Headers.Location!.ToString();
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/octet-stream");
        using var stored = await _http.PutAsync($"{place}{(place.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={DigestOf(bytes)}", content);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
    }

    private async Task<string> ManifestAsync(string repository, string tag, string type, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var stored = await _http.PutAsync($"/v2/{repository}/manifests/{tag}", content);
        Assert.True(stored.StatusCode == HttpStatusCode.Created, await stored.Content.ReadAsStringAsync());
        return DigestOf(bytes);
    }

    private static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
