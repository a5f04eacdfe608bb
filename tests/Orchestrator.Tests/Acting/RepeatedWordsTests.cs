using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Acting;
using Xunit;

namespace Orchestrator.Tests.Acting;

public sealed class RepeatedWordsTests
{
    [Fact]
    public void The_same_words_about_the_same_thing_are_said_once_in_a_while()
    {
        var time = new FakeTimeProvider();
        var words = new RepeatedWords(time, TimeSpan.FromMinutes(10));

        Assert.True(words.IsNew("9 VerifyCheckpoint", "away"));
        Assert.False(words.IsNew("9 VerifyCheckpoint", "away"));
        Assert.True(words.IsNew("8 VerifyCheckpoint", "away"));
        Assert.True(words.IsNew("9 VerifyCheckpoint", "full"));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(words.IsNew("9 VerifyCheckpoint", "full"));
    }
}
