using Microsoft.Extensions.Time.Testing;
using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.Tests.Server.Security;

public sealed class LoginCodesTests
{
    private readonly TokenOwner _owner = new("ci", Roles.Operator, "0123456789ab");
    private readonly FakeTimeProvider _time = new();
    private readonly LoginCodes _codes;

    public LoginCodesTests() => _codes = new(_time);

    [Fact]
    public void A_code_works_once_and_has_the_role_of_its_token()
    {
        var (code, _) = _codes.Create(_owner);

        Assert.Equal(_owner, _codes.Redeem(code));
        Assert.Null(_codes.Redeem(code));
    }

    [Fact]
    public void A_code_is_valid_for_five_minutes()
    {
        var (late, _) = _codes.Create(_owner);
        var (soon, _) = _codes.Create(_owner);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(_owner, _codes.Redeem(soon));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_codes.Redeem(late));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guess")]
    public void What_was_never_given_out_is_refused(string? code) => Assert.Null(_codes.Redeem(code));

    [Fact]
    public void Codes_do_not_pile_up()
    {
        var (first, _) = _codes.Create(_owner);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _codes.Create(_owner);
        }

        Assert.Null(_codes.Redeem(first));
    }
}
