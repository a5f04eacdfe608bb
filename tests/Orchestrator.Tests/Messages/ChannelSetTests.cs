using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Messages;

public sealed class ChannelSetTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 28, 11, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo _paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Theory]
    [InlineData(NotifyTopics.Fail, "phone,team")]
    [InlineData(NotifyTopics.Attention, "phone")]
    // Neither takes it unasked.
    [InlineData(NotifyTopics.Start, "")]
    public void Without_a_word_of_the_spec_default_channels_hear_what_they_take(string topic, string heard) => Assert.Equal(heard, Heard(topic, null));

    [Fact]
    public void A_spec_names_channels_and_topics_instead()
    {
        Assert.Equal("night", Heard(NotifyTopics.Finish, new NotifySpec { To = ["night"] }));
        Assert.Equal("", Heard(NotifyTopics.Start, new NotifySpec { To = ["night"] }));
        // Taken out of the configuration since: somebody must hear it all the same.
        Assert.Equal("phone,team", Heard(NotifyTopics.Finish, new NotifySpec { To = ["gone"] }));
        Assert.Equal("phone,team", Heard(NotifyTopics.Start, new NotifySpec { On = [NotifyTopics.Start] }));
        Assert.Equal("", Heard(NotifyTopics.Fail, new NotifySpec { On = [NotifyTopics.Start] }));
    }

    [Fact]
    public void Nobody_is_told_through_a_channel_that_it_does_not_get_through() =>
        Assert.Equal("team", string.Join(',', Set().Route(new("k", NotifyTopics.Fail, "t", "") { NotBy = "phone" }, _noon).Select(route => route.Channel)));

    [Theory]
    // In Paris it is an hour later.
    [InlineData("2026-11-28T21:59:00Z", false, "2026-11-28T21:59:00Z")]
    [InlineData("2026-11-28T22:00:00Z", false, "2026-11-29T06:00:00Z")]
    [InlineData("2026-11-29T05:59:59Z", false, "2026-11-29T06:00:00Z")]
    [InlineData("2026-11-29T06:00:00Z", false, "2026-11-29T06:00:00Z")]
    [InlineData("2026-11-28T23:00:00Z", true, "2026-11-28T23:00:00Z")]
    // The night in which clocks go back is an hour longer.
    [InlineData("2026-10-24T21:30:00Z", false, "2026-10-25T06:00:00Z")]
    public void In_quiet_hours_what_is_not_urgent_waits_for_their_end(string now, bool urgent, string due)
    {
        var set = new ChannelSet([new("phone", new ChannelWay.Command(["/bin/true"])) { Quiet = new ClockWindow(new(23, 0), new(7, 0)) }], _paris);

        var (_, at) = Assert.Single(set.Route(new("k", NotifyTopics.Fail, "t", "") { IsUrgent = urgent }, At(now)));

        Assert.Equal(At(due), at);
    }

    [Fact]
    public void What_a_spec_names_and_nobody_configured_is_missing() => Assert.Equal(["chat"], Set().Missing(new NotifySpec { To = ["phone", "chat"] }));

    private static string Heard(string topic, NotifySpec? notify) => string.Join(',', Set().Route(new("k", topic, "t", "") { Notify = notify }, _noon).Select(route => route.Channel));

    private static ChannelSet Set()
    {
        var way = new ChannelWay.Command(["/bin/true"]);
        return new([new("phone", way), new("team", way) { On = [NotifyTopics.Finish, NotifyTopics.Fail] }, new("night", way) { IsDefault = false }], _paris);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
