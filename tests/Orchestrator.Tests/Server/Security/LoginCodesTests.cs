using Microsoft.Extensions.Time.Testing;
using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.Tests.Server.Security;

public sealed class LoginCodesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoginCodes _codes;

    public LoginCodesTests() => _codes = new(_time);

    [Fact]
    public void A_code_works_once()
    {
        var (code, _) = _codes.Create("admin");

        Assert.Equal("admin", _codes.Redeem(code));
        Assert.Null(_codes.Redeem(code));
    }

    [Fact]
    public void A_code_is_valid_for_five_minutes()
    {
        var (late, _) = _codes.Create("admin");
        var (soon, _) = _codes.Create("admin");
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("admin", _codes.Redeem(soon));
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
        var (first, _) = _codes.Create("admin");
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _codes.Create("admin");
        }

        Assert.Null(_codes.Redeem(first));
    }
}
