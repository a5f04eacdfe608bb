using Orchestrator.Providers.Http;
using Xunit;

namespace Orchestrator.Tests.Http;

public sealed class ApiFieldsTests
{
    /// <summary>A text that was cut in the middle of an emoji is valid JSON.</summary>
    [Fact]
    public void Half_a_character_is_no_text_and_hides_nothing_else()
    {
        var fields = ApiFields.Parse("""{"status_msg": "\ud83d", "\ud83d": 1, "id": 7, "at": "\ud83d"}""");

        Assert.Equal((null, null, null, 7L), (fields["status_msg"].Text, fields["status_msg"].Number, fields["at"].Time, fields["id"].Whole));
        Assert.Equal(4, fields.Members.Count());
    }

    [Fact]
    public void What_is_as_expected_is_read()
    {
        var fields = ApiFields.Parse("""{"id": 45812277, "name": "a", "price": 0.284, "ready": true, "tags": ["x", "y"], "at": "2026-11-20T09:16:20Z", "ends": 1764000000.5}""");

        Assert.Equal(("45812277", 45812277L, "a", 0.284, true), (fields["id"].Text, fields["id"].Whole, fields["name"].Text, fields["price"].Number, fields["ready"].Flag));
        Assert.Equal(["x", "y"], fields["tags"].Items.Select(item => item.Text));
        Assert.Equal(Money.FromDollars(0.284m), fields["price"].Dollars);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 16, 20, TimeSpan.Zero), fields["at"].Time);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1764000000500), fields["ends"].Time);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("{\"x\": {\"y\": 1}}")]
    [InlineData("{\"x\": [1]}")]
    [InlineData("{\"x\": null}")]
    public void Whatever_else_comes_reads_as_nothing(string json)
    {
        var x = ApiFields.Parse(json)["x"];

        Assert.Null(x.Text);
        Assert.Null(x.Number);
        Assert.Null(x.Whole);
        Assert.Null(x.Flag);
        Assert.Null(x.Dollars);
        Assert.Null(x.Time);
        Assert.Null(x["deeper"]["still"].Text);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-0.01")]
    [InlineData("1e9")]
    [InlineData("\"NaN\"")]
    public void Absurd_prices_are_none(string price) => Assert.Null(ApiFields.Parse($$"""{"x": {{price}}}""")["x"].Dollars);

    [Fact]
    public void Numbers_come_as_texts_too_and_fractions_are_not_whole()
    {
        var fields = ApiFields.Parse("""{"cost": "0.59", "half": 1.5, "deep": 1e300}""");

        Assert.Equal(0.59, fields["cost"].Number);
        Assert.Null(fields["half"].Whole);
        Assert.Null(fields["deep"].Whole);
    }

    [Fact]
    public void Nesting_without_end_is_no_answer() => Assert.True(ApiFields.Parse(new string('[', 5000)).IsNone);
}
