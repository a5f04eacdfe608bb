using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.Sources;

/// <summary>Code from git, with the real git.</summary>
public sealed class GitSourceTests : IDisposable
{
    private readonly TestRepository _repository = new();
    private readonly string _scratch = Directory.CreateTempSubdirectory("orc-scratch-").FullName;

    [Fact]
    public async Task A_branch_a_tag_a_commit_and_its_beginning_all_mean_a_commit()
    {
        var first = _repository.Commit(("train.py", "1"));
        _repository.Git("-C", _repository.Work, "tag", "--annotate", "--message", "x", "v1");
        _repository.Push("v1");
        var second = _repository.Commit(("train.py", "2"), ("ignored.log", "kept, since it is in the repository"), (".gitignore", "*.log"));

        Assert.Equal((second, "2"), await FetchAsync(null));
        Assert.Equal((second, "2"), await FetchAsync("main"));
        Assert.Equal((first, "1"), await FetchAsync("v1"));
        Assert.Equal((first, "1"), await FetchAsync(first));
        Assert.Equal((first, "1"), await FetchAsync(first[..9]));
        Assert.True(File.Exists(Path.Combine((await CheckOutAsync(Code(null))).Folder, "ignored.log")));
    }

    [Fact]
    public async Task A_part_of_it_is_enough_and_no_link_leads_out_of_it()
    {
        Directory.CreateDirectory(_repository.Work);
        File.CreateSymbolicLink(Path.Combine(_repository.Work, "out"), "/etc");
        _repository.Commit(("src/train.py", "1"));

        Assert.True(File.Exists(Path.Combine((await CheckOutAsync(Code(null) with { Path = "src" })).Folder, "train.py")));
        Assert.Contains("leads out of", await RefusedAsync(Code(null) with { Path = "out" }), StringComparison.Ordinal);
        Assert.Contains("is not in", await RefusedAsync(Code(null) with { Path = "../.." }), StringComparison.Ordinal);
        Assert.Contains("is not in", await RefusedAsync(Code(null) with { Path = "nothing" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submodules_come_along_and_those_that_are_excluded_do_not()
    {
        using var library = new TestRepository();
        library.Commit(("lib.py", "library"));
        _repository.Commit(("train.py", "1"));
        _repository.Git("-C", _repository.Work, "submodule", "--quiet", "add", library.Url, "vendor/library");
        _repository.Git("-C", _repository.Work, "submodule", "--quiet", "add", library.Url, "docs");
        _repository.Commit();

        var folder = (await CheckOutAsync(Code(null) with { Exclude = ["docs"] })).Folder;
        Assert.True(File.Exists(Path.Combine(folder, "vendor/library/lib.py")));
        Assert.False(File.Exists(Path.Combine(folder, "docs/lib.py")));
        // As configured a submodule cannot read this machine's disk, wherever it says that it lies.
        Assert.Contains("not allowed", await RefusedAsync(Code(null), "https:ssh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_what_to_do()
    {
        Assert.Contains("is empty", await RefusedAsync(Code(null)), StringComparison.Ordinal);
        _repository.Commit(("train.py", "1"));
        Assert.Contains("no branch, tag or commit \"nothing\"", await RefusedAsync(Code("nothing")), StringComparison.Ordinal);
        Assert.Contains("no branch, tag or commit \"0123456789\"", await RefusedAsync(Code("0123456789")), StringComparison.Ordinal);
        Assert.Contains("is no branch", await RefusedAsync(Code("--upload-pack=x")), StringComparison.Ordinal);
        Assert.Contains("nowhere", await RefusedAsync(Code(null) with { Git = "file:///nowhere" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_file_server_will_do_and_only_its_own_token_reaches_it()
    {
        var folder = Path.GetDirectoryName(_repository.Bare)!;
        using var library = new TestRepository();
        library.Commit(("lib.py", "library"));
        library.Git("clone", "--quiet", "--bare", library.Bare, Path.Combine(folder, "library.git"));
        library.Git("-C", Path.Combine(folder, "library.git"), "update-server-info");
        _repository.Commit(("train.py", "1"));
        _repository.Git("-C", _repository.Work, "submodule", "--quiet", "add", "../library.git", "library");
        var commit = _repository.Commit();
        _repository.Git("-C", _repository.Bare, "update-server-info");
        await using var server = await FileServer.StartAsync(folder);
        server.Password = "t0ken-of-this-host";
        var code = Code(null) with { Git = $"{server.Url}/bare.git" };
        var account = new GitAccount { Name = "lab", Host = new Uri(server.Url).Authority, Token = new TokenSource.FromSecret("t0ken-of-this-host") };

        var checkout = await CheckOutAsync(code, account);
        Assert.Equal((commit, true), (checkout.Commit, File.Exists(Path.Combine(checkout.Folder, "library/lib.py"))));
        Assert.Contains("cannot be read", await RefusedAsync(code), StringComparison.Ordinal);
        Assert.Contains("git.lab", (await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(code, account with { Token = new TokenSource.FromSecret("wrong") }))).WhatToDo, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", string.Concat(Directory.GetFiles(_scratch, "config", SearchOption.AllDirectories).Select(File.ReadAllText)), StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(code, account with { Host = "elsewhere.example.org" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_files_behind_pointers_are_told_of()
    {
        _repository.Commit(("w.bin", "pointer"), (".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"));

        Assert.Contains("Git LFS", Assert.Single((await CheckOutAsync(Code(null))).Notes), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _repository.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    private CodeSource Code(string? reference) => new() { Kind = CodeSourceKind.Git, Git = _repository.Url, Ref = reference };

    private async Task<(string Commit, string Text)> FetchAsync(string? reference)
    {
        var checkout = await CheckOutAsync(Code(reference));
        return (checkout.Commit, await File.ReadAllTextAsync(Path.Combine(checkout.Folder, "train.py")));
    }

    private Task<GitCheckout> CheckOutAsync(CodeSource code, params GitAccount[] accounts) => CheckOutAsync(code, "file:http:https", accounts);

    private Task<GitCheckout> CheckOutAsync(CodeSource code, string protocols, params GitAccount[] accounts) =>
        new GitSource(new GitSettings { Accounts = [.. accounts], Protocols = protocols }, new TokenReader((name, _) => Task.FromResult<string?>(name), _ => null))
            .CheckOutAsync(code, Directory.CreateDirectory(Path.Combine(_scratch, Path.GetRandomFileName())).FullName, default);

    private async Task<string> RefusedAsync(CodeSource code, string protocols = "file:http:https") =>
        (await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(code, protocols))).Message;
}
