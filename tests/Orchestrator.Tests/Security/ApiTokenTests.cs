using Orchestrator.Engine.Security;
using Xunit;

namespace Orchestrator.Tests.Security;

public sealed class ApiTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string TokenFile => _folder.File("token");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_token_is_made_once_and_only_its_owner_may_read_it()
    {
        var first = ApiToken.LoadOrCreate(TokenFile);

        Assert.Equal(first.Value, ApiToken.LoadOrCreate(TokenFile).Value);
        Assert.Equal(first.Value, ApiToken.Load(TokenFile).Value);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
        Assert.DoesNotContain(first.Value, first.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_very_token_matches()
    {
        var token = ApiToken.Generate();

        Assert.True(token.Matches(token.Value));
        Assert.False(token.Matches(ApiToken.Generate().Value));
        Assert.False(token.Matches(token.Value + "x"));
        Assert.False(token.Matches(token.Value[..^1]));
        Assert.False(token.Matches(""));
        Assert.False(token.Matches(null));
        Assert.False(token.Matches(new string('x', 1_000_000)));
    }

    [Fact]
    public void A_token_is_known_again_by_its_hash()
    {
        var token = ApiToken.Generate().Value;
        var hash = ApiToken.Hash(token);

        Assert.Equal(64, hash.Length);
        Assert.True(ApiToken.MatchesHash(token, hash));
        Assert.False(ApiToken.MatchesHash(token + "x", hash));
        Assert.False(ApiToken.MatchesHash(hash, hash));
        Assert.False(ApiToken.MatchesHash(token, ""));
        Assert.False(ApiToken.MatchesHash(token, hash[..32]));
        Assert.False(ApiToken.MatchesHash(token, "not hex"));
    }

    [Fact]
    public void A_missing_open_or_damaged_token_file_is_an_error_that_says_what_to_do()
    {
        Assert.Throws<FileNotFoundException>(() => ApiToken.Load(TokenFile));
        File.WriteAllText(TokenFile, "rubbish\n");
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("remove it", Assert.Throws<InvalidDataException>(() => ApiToken.LoadOrCreate(TokenFile)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<UnauthorizedAccessException>(() => ApiToken.Load(TokenFile)).Message, StringComparison.Ordinal);
    }
}
