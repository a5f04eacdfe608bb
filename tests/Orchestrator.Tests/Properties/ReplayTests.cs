using System.Text.Json;
using Orchestrator.Json;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Properties;

public sealed class ReplayTests
{
    [Fact]
    public void What_was_stored_replays_to_the_same_events_and_the_same_state()
    {
        for (var seed = 20_000; seed < 20_150; seed++)
        {
            var world = new World(seed, record: true);
            world.Run();

            // Through JSON, as the database keeps it.
            var events = world.Events.Select(e => Through(e, CoreJson.Default.JobEvent)).ToArray();
            var ticks = world.Records!.Select(t => Through(t, CoreJson.Default.TickRecord)).ToArray();
            var state = Through(world.State, CoreJson.Default.JobState);

            var differences = Replayer.Replay(events, ticks, state);

            Assert.True(differences.IsEmpty, $"seed {seed}: {differences.FirstOrDefault()}");
            Assert.Equal(world.Events.Count, ticks.Sum(t => t.Events.Length) + 1);
        }
    }

    [Fact]
    public void A_changed_event_a_changed_decision_and_a_changed_state_are_shown()
    {
        var world = new World(20_000, record: true);
        world.Run();
        var forged = world.Records![3] with { Events = world.Records[3].Events.SetItem(0, world.Records[3].Events[0] with { Why = "forged" }) };

        Assert.Equal("decided differently", Assert.Single(Replayer.Replay(world.Events, world.Records.Select((t, i) => i == 3 ? forged : t), null)).Words);
        Assert.Contains("not the fold", Assert.Single(Replayer.Replay(world.Events, [], world.State with { Interruptions = 99 })).Words, StringComparison.Ordinal);
        Assert.Contains("cannot follow", Assert.Single(Replayer.Replay(world.Events.Skip(1), [], null)).Words, StringComparison.Ordinal);
        Assert.Contains("not stored", Replayer.Replay(world.Events.Take(1), world.Records.Skip(3), null)[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_world_is_the_same_every_time()
    {
        var first = new World(77);
        var second = new World(77);
        first.Run();
        second.Run();

        Assert.Equal(Replayer.Json(first.State), Replayer.Json(second.State));
        Assert.Equal(first.Events.Select(Replayer.Json), second.Events.Select(Replayer.Json));
    }

    private static T Through<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type)!;
}
