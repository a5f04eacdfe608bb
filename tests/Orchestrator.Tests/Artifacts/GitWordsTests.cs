using Orchestrator.Engine.Artifacts.Git;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class GitWordsTests
{
    private const string Rest = "\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n";

    [Theory]
    [InlineData("ssh: connect to host git.lab port 22: Connection refused", "Connection refused", "git ls-remote git@git.lab:a/b")]
    [InlineData("ssh: Could not resolve hostname git.lab: Name or service not known", "Could not resolve hostname", "git ls-remote git@git.lab:a/b")]
    [InlineData("Warning: Permanently added 'git.lab' (ED25519) to the list of known hosts.\ngit@git.lab: Permission denied (publickey).", "Permission denied (publickey)", "add {host: git.lab, key: PATH}")]
    [InlineData("kex_exchange_identification: Connection closed by remote host\nWarning: x", "Connection closed by remote host", "git ls-remote")]
    public void What_ended_ssh_is_said_and_not_that_git_could_not_read(string ssh, string said, string whatToDo)
    {
        var told = GitWords.From(ssh + Rest, GitUrl.Parse("git@git.lab:a/b"), null);

        Assert.Contains(said, told.Message, StringComparison.Ordinal);
        Assert.Contains(whatToDo, told.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_https_gits_own_words_are_said()
    {
        var told = GitWords.From("remote: x\nfatal: unable to access 'https://git.lab/a/': Could not resolve host: git.lab\n", GitUrl.Parse("https://git.lab/a"), null);

        Assert.Contains("Could not resolve host", told.Message, StringComparison.Ordinal);
        Assert.Contains("try again", told.WhatToDo, StringComparison.Ordinal);
    }
}
