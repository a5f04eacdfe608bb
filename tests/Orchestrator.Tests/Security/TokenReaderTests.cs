using Orchestrator.Engine.Security;
using Xunit;

namespace Orchestrator.Tests.Security;

public sealed class TokenReaderTests
{
    private readonly TokenReader _reader = new((name, _) => Task.FromResult(name == "there" ? "from-secret\n" : null), name => name == "THERE" ? "from-variable" : null);

    [Fact]
    public async Task Each_source_gives_its_token_without_its_line_end()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, "from-file\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal("from-secret", await _reader.ReadAsync(new TokenSource.FromSecret("there"), "x", default));
        Assert.Equal("from-variable", await _reader.ReadAsync(new TokenSource.FromEnvironment("THERE"), "x", default));
        Assert.Equal("from-file", await _reader.ReadAsync(new TokenSource.FromFile(file), "x", default));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await SaysAsync(new TokenSource.FromFile(file), "chmod 600");
    }

    [Fact]
    public async Task What_is_missing_is_named_with_its_setting()
    {
        await SaysAsync(new TokenSource.FromSecret("gone"), "git.acme.token: there is no secret \"gone\"; store it: orchestrator secret set gone");
        await SaysAsync(new TokenSource.FromEnvironment("GONE"), "no GONE");
        await SaysAsync(new TokenSource.FromFile("/nowhere/token"), "/nowhere/token");
    }

    private async Task SaysAsync(TokenSource source, string words) => Assert.Contains(
        words, (await Assert.ThrowsAsync<TokenException>(() => _reader.ReadAsync(source, "git.acme.token", default))).Message, StringComparison.Ordinal);
}
