using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Agent.Portable;
using Orchestrator.IntegrationTests.Chaos;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.Sources;

/// <summary>A whole job whose code is a repository and whose data lies with others, over TLS with a private authority.</summary>
[Collection(ChaosCollection.Name)]
public sealed class ForeignJobTests : IAsyncLifetime
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TestServer _own = new();
    private readonly Site _site = new("foreign");
    private readonly TestRepository _repository = new();
    private readonly TestAuthority _authority = new("files");
    private FileServer _files = null!;

    private string Root => Path.GetDirectoryName(_repository.Bare)!;

    public async Task InitializeAsync()
    {
        _files = await FileServer.StartAsync(Root, _authority.Issue());
        var authorities = Path.Combine(Root, "ca.pem");
        await File.WriteAllTextAsync(authorities, _authority.Pem);
        _own.Environment["SSL_CERT_FILE"] = authorities;
        await File.AppendAllTextAsync(Path.Combine(_site.Data, "orchestrator.yaml"), $"hf: {{endpoint: \"{_files.Url}\"}}\n");
        await _own.StartAsync(_site);
    }

    [Fact]
    public async Task Code_from_git_and_data_from_strangers_reach_the_trainer()
    {
        var commit = _repository.Commit(("train.sh", "cat \"$ORCHESTRATOR_DATA_DIR\" hub/config.json hub/deep/vocab.txt; cd ../data && cat more.txt\n"));
        _repository.Git("-C", _repository.Bare, "update-server-info");
        await WriteAsync("weights.bin", "these are weights, ");
        await WriteAsync("api/models/acme/net/revision/main", new JsonObject { ["sha"] = Commit, ["private"] = false, ["gated"] = false }.ToJsonString());
        await WriteAsync($"api/models/acme/net/tree/{Commit}", """[{"type": "file", "path": "config.json", "size": 9}, {"type": "directory", "path": "deep", "size": 0}, {"type": "file", "path": "deep/vocab.txt", "size": 6}]""");
        await WriteAsync($"acme/net/resolve/{Commit}/config.json", "a config,");
        await WriteAsync($"acme/net/resolve/{Commit}/deep/vocab.txt", " words");
        var spec = Path.Combine(_site.Work, "foreign.yaml");
        await WriteAsync(Path.Combine(_site.Work, "data/more.txt"), " and more");
        await File.WriteAllTextAsync(spec, $$"""
            name: foreign
            code: {git: "{{_files.Url}}/bare.git", ref: main}
            run: sh train.sh
            resources: {gpu: none, cpu: 1, memory: 64MB}
            data:
              - {from: "{{_files.Url}}/weights.bin", to: /models/weights.bin}
              - {from: "hf://acme/net", to: /workspace/hub}
              - {from: ./data, to: /data}
            checkpoints: none
            """);

        var job = await _own.Api.SubmitAsync(spec);
        var ended = await _own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended + await _own.Api.LogAsync(job));
        Assert.Contains("these are weights, a config, words and more", await _own.Api.LogAsync(job), StringComparison.Ordinal);
        Assert.Contains(commit[..12], ended["code"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_site.Data, "run/scratch")));
    }

    [Fact]
    public async Task What_is_not_there_is_told_at_submit()
    {
        var spec = Path.Combine(_site.Work, "wrong.yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: wrong
            code: {git: "{{_files.Url}}/nothing.git"}
            run: "true"
            resources: {gpu: none}
            checkpoints: none
            """);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => _own.Api.SubmitAsync(spec));
        Assert.Contains("nothing.git", refused.Message, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        await _files.DisposeAsync();
        _authority.Dispose();
        _repository.Dispose();
    }

    private async Task WriteAsync(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllTextAsync(full, text);
    }
}
