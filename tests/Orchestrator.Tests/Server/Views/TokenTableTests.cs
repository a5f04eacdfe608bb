using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class TokenTableTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_narrow_screen_keeps_what_a_token_may_and_until_when()
    {
        TokenView[] tokens =
        [
            new("0123456789ab", "ci", "operator", "token", "live", _now.AddDays(-1), "admin", _now.AddDays(30)),
            new("ba9876543210", "link-ba9876", "viewer", "link", "revoked", _now, "admin", _now.AddHours(1)),
            new("0a0a0a0a0a0a", "for-ever", "admin", "token", "live", _now, "admin", null),
        ];

        var lines = TokenTable.Lines(tokens, 60, new Paint(false), _now, TimeZoneInfo.Utc).ToList();

        Assert.All(lines, line => Assert.True(line.Length <= 60, line));
        Assert.Equal(4, lines.Count);
        Assert.Contains("operator", lines[1], StringComparison.Ordinal);
        Assert.Contains("28 Dec 10:00", lines[1], StringComparison.Ordinal);
        Assert.Contains("revoked", lines[2], StringComparison.Ordinal);
        Assert.Contains("never", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_it_says_how_to_make_one() =>
        Assert.Contains("server token create", Assert.Single(TokenTable.Lines([], 80, new Paint(false), _now, TimeZoneInfo.Utc)), StringComparison.Ordinal);
}
