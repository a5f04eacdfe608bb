using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class AttendanceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_time_in_which_no_server_was_there_is_written_down_once()
    {
        var store = new AttendanceStore(_database.Source);
        await store.BeHereAsync(_patience, default);
        await store.BeHereAsync(_patience, default);
        Assert.Empty(await store.UnattendedAsync(isAway: false, default));

        await LeaveAsync("8 hours");
        // Two servers come back at once: each must know of the absence when it has said that it is here.
        var seen = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await store.BeHereAsync(_patience, default);
            return await store.UnattendedAsync(isAway: false, default);
        }));

        foreach (var unattended in seen)
        {
            var night = Assert.Single(unattended);
            Assert.InRange(night.Until - night.From, TimeSpan.FromHours(8), TimeSpan.FromHours(8.5));
        }
    }

    [Fact]
    public async Task What_was_read_lately_is_not_asked_for_again_and_what_is_old_is()
    {
        var store = new AttendanceStore(_database.Source);
        var options = new EngineOptions { ServerId = "s", Connection = "", AttendEvery = _patience };
        var clock = new HandClock();
        var attendance = new Attendance(store, new OwnNetwork(clock), clock, options);
        Assert.Empty(await attendance.UnattendedAsync(default));

        await LeaveAsync("1 hour");
        Assert.Empty(await attendance.UnattendedAsync(default));
        clock.Now += _patience;

        Assert.Single(await attendance.UnattendedAsync(default));
    }

    [Fact]
    public async Task A_server_that_cannot_write_down_what_it_hears_is_not_there_until_it_can()
    {
        var clock = new HandClock();
        var attendance = new Attendance(new AttendanceStore(_database.Source), new OwnNetwork(clock), clock, new EngineOptions { ServerId = "s", Connection = "", AttendEvery = _patience / 10 });
        Assert.Empty(await attendance.UnattendedAsync(default));
        // As on a full disk: rows that are there can be written anew, nothing can be added.
        await SqlAsync(
            """
            create function no_room() returns event_trigger language plpgsql as 'begin raise disk_full; end';
            create event trigger full_disk on ddl_command_start when tag in ('CREATE TABLE AS') execute function no_room();
            """);

        attendance.CouldNotHear();
        await LeaveAsync("1 hour");
        clock.Now += _patience;
        var open = Assert.Single(await attendance.UnattendedAsync(default));
        Assert.InRange(open.Until - open.From, TimeSpan.FromHours(1), TimeSpan.FromHours(1.5));
        clock.Now += _patience;
        Assert.Equal(open.From, Assert.Single(await attendance.UnattendedAsync(default)).From);

        await SqlAsync("drop event trigger full_disk");
        clock.Now += _patience;
        var night = Assert.Single(await attendance.UnattendedAsync(default));
        Assert.Equal(open.From, night.From);
        clock.Now += _patience;
        Assert.Equal(night, Assert.Single(await attendance.UnattendedAsync(default)));
    }

    [Fact]
    public async Task A_server_whose_network_is_away_is_not_there_until_somebody_answers()
    {
        var clock = new HandClock();
        var network = new OwnNetwork(clock);
        network.Tries(new("box", 22));
        network.Answered("box");
        var attendance = new Attendance(new AttendanceStore(_database.Source), network, clock, new EngineOptions { ServerId = "s", Connection = "", AttendEvery = _patience / 10 });
        Assert.Empty(await attendance.UnattendedAsync(default));

        clock.Now += _patience;
        await network.JudgeAsync(TimeSpan.Zero, (_, _) => Task.FromResult(new PeerReach(ReachOutcome.NoRoute, null, IsHere: false)), default);
        await LeaveAsync("1 hour");
        var open = Assert.Single(await attendance.UnattendedAsync(default));
        Assert.InRange(open.Until - open.From, TimeSpan.FromHours(1), TimeSpan.FromHours(1.5));
        clock.Now += _patience;
        Assert.Equal(open.From, Assert.Single(await attendance.UnattendedAsync(default)).From);

        network.Answered("box");
        Assert.Equal(open.From, Assert.Single(await attendance.UnattendedAsync(default)).From);
        clock.Now += _patience;
        Assert.Equal(open.From, Assert.Single(await attendance.UnattendedAsync(default)).From);
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = _database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task LeaveAsync(string time)
    {
        await using var command = _database.Source.CreateCommand($"update orchestrator.attendance set seen_at = seen_at - interval '{time}'");
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
