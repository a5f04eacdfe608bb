using CsCheck;
using Orchestrator.Engine.Security;
using Xunit;

namespace Orchestrator.Tests.Security;

public sealed class SecretBoxTests
{
    private static readonly SecretsKey Key = SecretsKey.Generate();
    private readonly SecretBox _box = new(Key);

    [Fact]
    public void Every_value_comes_back_and_none_can_be_seen() => Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 8, 40], Gen.String[Gen.Char.AlphaNumeric, 1, 20]).Sample((value, name) =>
    {
        var ciphertext = _box.Seal(name, value);
        Assert.Equal(value, _box.Open(name, ciphertext));
        Assert.DoesNotContain(value, ciphertext, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("")]
    [InlineData("grüße 🔑\nsecond line")]
    public void Empty_and_non_ascii_values_come_back(string value) => Assert.Equal(value, _box.Open("n", _box.Seal("n", value)));

    [Fact]
    public void The_same_value_looks_different_each_time() => Assert.NotEqual(_box.Seal("n", "value"), _box.Seal("n", "value"));

    [Fact]
    public void A_ciphertext_names_its_key_and_opens_with_no_other()
    {
        var ciphertext = _box.Seal("n", "value");

        Assert.Equal(Key.Id, SecretBox.KeyIdOf(ciphertext));
        var error = Assert.Throws<SecretsKeyException>(() => new SecretBox(SecretsKey.Generate()).Open("n", ciphertext));
        Assert.Contains(Key.Id, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ciphertext_moved_to_another_name_does_not_open() =>
        Assert.Throws<SecretsKeyException>(() => _box.Open("other", _box.Seal("n", "value")));

    [Fact]
    public void No_changed_character_goes_unnoticed()
    {
        // 12 + 16 + 5 bytes are a multiple of three: every bit of every base64 letter counts.
        var ciphertext = _box.Seal("n", "value");
        for (var at = 0; at < ciphertext.Length; at++)
        {
            var changed = ciphertext.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.Throws<SecretsKeyException>(() => _box.Open("n", new string(changed)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("v1.id")]
    [InlineData("v2.id.AAAA")]
    [InlineData("v1.id.!!!")]
    public void What_is_no_ciphertext_is_refused(string text) => Assert.Throws<SecretsKeyException>(() => _box.Open("n", text));

    [Fact]
    public void A_ciphertext_that_was_cut_short_is_refused() =>
        Assert.Throws<SecretsKeyException>(() => _box.Open("n", $"v1.{Key.Id}.AAAA"));
}
