using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Engine.Security;
using Orchestrator.IntegrationTests.Support.Ssh;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.Sources;

/// <summary>Private repositories over SSH, with a real sshd.</summary>
public sealed class GitOverSshTests : IAsyncLifetime
{
    private readonly TestMachine _machine = new("git");
    private readonly TestRepository _repository = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("orc ssh ").FullName;

    private string Host => FormattableString.Invariant($"{_machine.Ip}:{_machine.Port}");

    public Task InitializeAsync() => _machine.InitializeAsync();

    [FactWithSshd]
    public async Task The_key_of_the_host_opens_it_and_its_host_key_is_remembered()
    {
        var commit = _repository.Commit(("train.py", "1"));
        var account = new GitAccount { Name = "lab", Host = Host, KeyFile = _machine.KeyFile };

        Assert.Equal(commit, await CheckOutAsync(account));
        Assert.NotEmpty(await File.ReadAllTextAsync(Path.Combine(_folder, "known")));

        var refused = await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(account with { KeyFile = Path.Combine(_folder, "none") }));
        Assert.Contains("cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("git.lab", refused.WhatToDo, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_folder, "known"), $"[{_machine.Ip}]:{_machine.Port} {(await File.ReadAllTextAsync(_machine.KeyFile + ".pub")).Trim()}\n");
        Assert.Contains("another host key", (await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(account))).Message, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        await _machine.DisposeAsync();
        _repository.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> CheckOutAsync(GitAccount account)
    {
        var settings = new GitSettings { Accounts = [account], KnownHostsFile = Path.Combine(_folder, "known") };
        var code = new CodeSource { Kind = CodeSourceKind.Git, Git = $"ssh://{Environment.UserName}@{Host}{_repository.Bare}" };
        return (await new GitSource(settings, new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null))
            .CheckOutAsync(code, Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName, default)).Commit;
    }
}
