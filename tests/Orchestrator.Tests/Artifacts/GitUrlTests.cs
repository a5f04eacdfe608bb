using Orchestrator.Engine.Artifacts.Git;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class GitUrlTests
{
    [Theory]
    [InlineData("git@github.com:acme/train.git", "ssh", "github.com")]
    [InlineData("ssh://git@git.lab:2222/acme/train", "ssh", "git.lab:2222")]
    [InlineData("https://github.com/acme/train", "https", "github.com")]
    [InlineData("https://git.lab:8443/acme/train", "https", "git.lab:8443")]
    public void The_host_is_found(string text, string scheme, string host) => Assert.Equal(new GitUrl(text, scheme, host), GitUrl.Parse(text));

    [Theory]
    [InlineData("https://user:hunter2@github.com/a/b")]
    [InlineData("https://hunter2@github.com/a/b")]
    [InlineData("ssh://git:hunter2@github.com/a/b")]
    public void A_login_in_a_URL_is_refused_and_not_repeated(string text)
    {
        var refused = Assert.Throws<GitException>(() => GitUrl.Parse(text));

        Assert.DoesNotContain("hunter2", refused.Message + refused.WhatToDo, StringComparison.Ordinal);
        Assert.Contains("git in orchestrator.yaml", refused.WhatToDo, StringComparison.Ordinal);
    }
}
