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
    [InlineData("\"Unheard\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    public void What_is_no_member_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<StageRefusal>(json));
}
