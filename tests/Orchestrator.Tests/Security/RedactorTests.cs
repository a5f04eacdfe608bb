using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Orchestrator.Engine.Security;
using Xunit;

namespace Orchestrator.Tests.Security;

public sealed class RedactorTests
{
    private const string Secret = "hf_aB3+/x?=&ö9\"Zq";
    private readonly Redactor _redactor = new([new("HF_TOKEN", Secret)]);

    [Fact]
    public void The_name_stands_where_the_value_was() =>
        Assert.Equal("got [secret HF_TOKEN], and [secret HF_TOKEN].", _redactor.Redact($"got {Secret}, and {Secret}."));

    [Fact]
    public void Text_without_secrets_is_the_same_string()
    {
        var text = "epoch 3 loss 0.405";
        Assert.Same(text, _redactor.Redact(text));
        Assert.Same(text, new Redactor([]).Redact(text));
    }

    public static TheoryData<string> Encodings => new(
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).Replace('+', '-').Replace('/', '_').TrimEnd('='),
        Uri.EscapeDataString(Secret),
        Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))),
        WebUtility.UrlEncode(Secret),
        JsonSerializer.Serialize(Secret).Trim('"'),
        WebUtility.HtmlEncode(Secret));

    [Theory]
    [MemberData(nameof(Encodings))]
    public void The_usual_encodings_are_taken_out_too(string encoded) =>
        Assert.StartsWith("x=[secret HF_TOKEN]", _redactor.Redact($"x={encoded} y"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("u:")]
    [InlineData("us:")]
    [InlineData("user:")]
    public void Base64_around_the_secret_hides_nothing_from_us(string before)
    {
        var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Secret + ":after"));

        var redacted = _redactor.Redact(header);

        Assert.Contains("[secret HF_TOKEN]", redacted, StringComparison.Ordinal);
        // At most the two letters shared with the neighbours are left of it at each end.
        Assert.True(redacted.Replace("[secret HF_TOKEN]", "", StringComparison.Ordinal).Length <= "Basic ".Length + ((before.Length + 6) * 4 / 3) + 8, redacted);
    }

    [Fact]
    public void Of_two_secrets_that_begin_alike_nothing_of_the_longer_is_left()
    {
        var redactor = new Redactor([new("SHORT", "abcd"), new("LONG", "abcdefgh")]);
        Assert.Equal("[secret LONG] [secret SHORT]", redactor.Redact("abcdefgh abcd"));
    }

    [Fact]
    public void Each_line_of_a_private_key_is_a_secret()
    {
        var redactor = new Redactor([new("KEY", "-----BEGIN KEY-----\r\nMIIEowIBAAKCAQEA7\r\nx9Qm4rT8u1w2\r\n-----END KEY-----\r\n")]);
        Assert.Equal("  [secret KEY]", redactor.Redact("  MIIEowIBAAKCAQEA7"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("on")]
    [InlineData("")]
    public void Values_too_short_to_be_secrets_leave_the_text_readable(string value) =>
        Assert.Equal("step 100 on gpu 1", new Redactor([new("FLAG", value)]).Redact("step 100 on gpu 1"));

    [Fact]
    public void No_secret_is_left_wherever_it_stands() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 4, 20], Gen.String[Gen.Char.AlphaNumeric, 0, 30], Gen.String[Gen.Char.AlphaNumeric, 0, 30])
            .Sample((secret, before, after) =>
            {
                var redacted = new Redactor([new("", secret)]).Redact(before + secret + after);
                Assert.DoesNotContain(secret, redacted.Replace("[secret ]", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
            });
}
