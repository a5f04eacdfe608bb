using Orchestrator.Engine.Security;
using Xunit;

namespace Orchestrator.Tests.Security;

public sealed class SecretsKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string KeyFile => _folder.File("secrets.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_key_is_made_once_and_only_its_owner_may_read_it()
    {
        var first = SecretsKey.LoadOrCreate(KeyFile, []);
        var second = SecretsKey.LoadOrCreate(KeyFile, [first.Id]);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal("x", new SecretBox(second).Open("n", new SecretBox(first).Seal("n", "x")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal([KeyFile], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Servers_that_start_at_once_agree_on_one_key()
    {
        var ids = new string[8];
        Parallel.For(0, ids.Length, at => ids[at] = SecretsKey.LoadOrCreate(KeyFile, []).Id);

        Assert.Single(ids.Distinct());
        Assert.Equal([KeyFile], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_missing_key_is_never_replaced_while_ciphertexts_need_it()
    {
        var error = Assert.Throws<SecretsKeyException>(() => SecretsKey.LoadOrCreate(KeyFile, ["0123456789abcdef"]));

        Assert.Contains("0123456789abcdef", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public void Another_key_than_the_ciphertexts_need_is_refused()
    {
        var key = SecretsKey.LoadOrCreate(KeyFile, []);

        var error = Assert.Throws<SecretsKeyException>(() => SecretsKey.LoadOrCreate(KeyFile, [key.Id, "0123456789abcdef"]));

        Assert.Contains(key.Id, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_others_may_read_is_refused()
    {
        SecretsKey.LoadOrCreate(KeyFile, []);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<SecretsKeyException>(() => SecretsKey.LoadOrCreate(KeyFile, [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("orchestrator-secrets-key-1 0123456789abcdef AAAA")]
    [InlineData("orchestrator-secrets-key-1 0123456789abcdef AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("orchestrator-secrets-key-2 0123456789abcdef AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_damaged_key_file_is_refused_and_kept(string content)
    {
        File.WriteAllText(KeyFile, content);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Throws<SecretsKeyException>(() => SecretsKey.LoadOrCreate(KeyFile, []));

        Assert.Equal(content, File.ReadAllText(KeyFile));
    }
}
