using System.Text.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Golden;

public sealed class WordConverterTests
{
    [Fact]
    public void Members_go_by_their_names() =>
        Assert.All(Enum.GetValues<StageRefusal>(), member => Assert.Equal(($"\"{member}\"", member), (JsonSerializer.Serialize(member), JsonSerializer.Deserialize<StageRefusal>($"\"{member}\""))));

    [Theory]
    [InlineData("99")]
    [InlineData("\"99\"")]
    public void A_number_of_another_release_stays_what_it_is(string json)
    {
        var unknown = JsonSerializer.Deserialize<StageRefusal>(json);

        Assert.Equal((StageRefusal)99, unknown);
        Assert.Equal(unknown, JsonSerializer.Deserialize<StageRefusal>(JsonSerializer.Serialize(unknown)));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"Unheard\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("{}")]
    public void What_is_no_member_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<StageRefusal>(json));
}
