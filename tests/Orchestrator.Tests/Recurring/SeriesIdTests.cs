using Orchestrator.Engine.Recurring;
using Xunit;

namespace Orchestrator.Tests.Recurring;

public sealed class SeriesIdTests
{
    [Theory]
    [InlineData("series-3", 3L)]
    [InlineData("series-", null)]
    [InlineData("series-3x", null)]
    [InlineData("series--3", null)]
    [InlineData("Series-3", null)]
    [InlineData("3", null)]
    [InlineData("nightly", null)]
    [InlineData("", null)]
    public void Its_name_is_a_word_and_a_number(string text, long? number)
    {
        Assert.Equal(number is not null, SeriesId.TryParse(text, out var id));
        if (number is { } value)
        {
            Assert.Equal(new SeriesId(value), id);
            Assert.Equal(text, id.ToString());
        }
    }
}
