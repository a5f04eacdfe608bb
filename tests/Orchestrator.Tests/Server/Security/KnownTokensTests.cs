using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.Tests.Server.Security;

public sealed class KnownTokensTests
{
    private static readonly DateTimeOffset _at = new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero);
    private readonly TokenRow _row = new() { Id = "0123456789ab", Name = "ci", Role = Roles.Operator, CreatedAt = _at, CreatedBy = "admin", ExpiresAt = _at.AddDays(30) };

    [Fact]
    public void A_token_that_stands_has_its_name_its_role_and_its_end() =>
        Assert.Equal(new TokenAnswer(new TokenOwner("ci", Roles.Operator, "0123456789ab") { ExpiresAt = _at.AddDays(30) }), KnownTokens.Answer(_row));

    [Fact]
    public void One_that_is_over_says_why()
    {
        Assert.Equal(new TokenAnswer(null, "the token \"ci\" expired on 2026-12-28 10:00 UTC"), KnownTokens.Answer(_row with { IsExpired = true }));
        Assert.Equal(new TokenAnswer(null, "the token \"ci\" was revoked on 2026-11-28 11:00 UTC by ada"), KnownTokens.Answer(_row with { IsExpired = true, RevokedAt = _at.AddHours(1), RevokedBy = "ada" }));
        Assert.Equal(new TokenAnswer(null, "the link \"ci\" expired on 2026-12-28 10:00 UTC"), KnownTokens.Answer(_row with { IsExpired = true, IsLink = true }));
    }

    [Theory]
    [InlineData(false, false, "live")]
    [InlineData(true, false, "expired")]
    [InlineData(true, true, "revoked")]
    public void The_list_says_what_state_it_is_in(bool isExpired, bool isRevoked, string state) =>
        Assert.Equal(state, EngineTokenDesk.View(_row with { IsExpired = isExpired, RevokedAt = isRevoked ? _at : null }).State);

    [Fact]
    public async Task The_first_token_is_an_admins_and_needs_no_database()
    {
        var token = ApiToken.Generate();
        var first = new FileToken(token);

        var answer = await first.CheckAsync(token.Value, default);

        Assert.Equal((FileToken.Name, Roles.Admin), (answer.Owner!.Name, answer.Owner.Role));
        Assert.Equal(answer, await first.StandsAsync(answer.Owner.Token, default));
        Assert.Equal(TokenAnswer.Unknown, await first.CheckAsync(token.Value + "x", default));
        Assert.DoesNotContain(answer.Owner.Token, token.Value, StringComparison.Ordinal);
    }
}
