using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent;
using Orchestrator.Agent.Ahead;
using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Transfers;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Ahead;

public sealed class AheadKeeperTests : IDisposable
{
    private const string Prefix = "jobs/j-1/e/a0001/";
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-ahead-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly object _server = new();
    private readonly AgentJournal _journal;
    private readonly StateFile _state;
    private readonly ServerPresence _presence;
    private readonly GrantBroker _broker;
    private readonly AheadKeeper _keeper;

    public AheadKeeperTests()
    {
        _journal = new AgentJournal(Path.Combine(_folder, "journal.jsonl"), _time, () => { });
        _state = new StateFile(Path.Combine(_folder, "state.json"));
        _state.Change(s => s with
        {
            Order = new TrainerOrder { JobId = "1", JobName = "j", Attempt = 1, AttemptPrefix = Prefix, Command = ["x"], Checkpoints = new CheckpointOrder { Path = "/ckpt" } },
        });
        _presence = new ServerPresence(_time);
        _broker = new GrantBroker(_time);
        _keeper = Keeper();
    }

    public void Dispose()
    {
        _journal.Dispose();
        _presence.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_granted_is_there_for_the_next_checkpoints_and_for_the_agent_after_this_one()
    {
        Assert.Null(await RenewAsync());

        foreach (var keeper in new[] { _keeper, Keeper() })
        {
            var set = keeper.For(Prefix, 1)!;
            Assert.Equal(ObjectKeys.Manifest(Prefix, 1), set.Manifest()!.Key);
            Assert.Equal(ObjectKeys.AheadFile(Prefix, 1, 1), set.TakeSlot()!.Key);
            Assert.Equal(ObjectKeys.AheadFile(Prefix, 1, 2), set.TakeSlot()!.Key);
            Assert.NotNull(keeper.For(Prefix, AheadNames.Sets));
            Assert.Null(keeper.For(Prefix, AheadNames.Sets + 1));
        }
    }

    [Fact]
    public async Task Only_what_is_missing_or_has_aged_is_asked_for()
    {
        await RenewAsync();
        _state.Change(s => s with { NextOrdinal = 2 });
        var asked = new List<string>();

        await RenewAsync(seen: asked);
        Assert.All(asked, key => Assert.StartsWith(ObjectKeys.Manifest(Prefix, AheadNames.Sets + 1)[..^"manifest.json".Length], key, StringComparison.Ordinal));
        Assert.NotEmpty(asked);
        Assert.Null(_keeper.For(Prefix, 1));

        asked.Clear();
        await RenewAsync(seen: asked);
        Assert.Empty(asked);
        _time.Advance(TimeSpan.FromMinutes(31));
        await RenewAsync(seen: asked);
        Assert.Contains(ObjectKeys.Manifest(Prefix, 2), asked);
    }

    [Fact]
    public async Task Checkpoints_of_many_files_get_as_many_spare_names_and_half_as_many_again()
    {
        _keeper.Sent(40);

        // What lies in the folder says less than what was sent: much of it may be in the store already.
        _keeper.Expect(400);

        Assert.Equal(60, await SlotsAsync());
    }

    [Fact]
    public async Task Before_anything_was_sent_the_folder_says_how_many_there_will_be()
    {
        Assert.Equal(24, await SlotsAsync());
        _keeper.Expect(60);
        _keeper.Expect(2);
        Assert.Equal(90, await SlotsAsync());
        _keeper.Sent(0);
        Assert.Equal(8, await SlotsAsync());
    }

    [Fact]
    public async Task A_checkpoint_that_did_not_fit_is_what_the_next_ones_get_names_for()
    {
        _keeper.Sent(4);
        _keeper.Missed(100);
        _keeper.Missed(20);

        Assert.Equal(150, await SlotsAsync());
    }

    [Fact]
    public async Task A_set_is_for_as_many_files_as_it_has_slots_and_for_none_that_is_too_large_for_one_piece()
    {
        await RenewAsync();
        var set = _keeper.ForNext(Prefix)!;

        Assert.True(set.Fits(24, AheadSet.MostBytes));
        Assert.False(set.Fits(25, 1));
        Assert.False(set.Fits(1, AheadSet.MostBytes + 1));
        set.TakeSlot();
        Assert.False(set.Fits(24, 1));
        set.Deny("the store refuses (403)");
        Assert.False(set.Fits(1, 1));
    }

    [Fact]
    public async Task Grants_that_the_store_does_not_take_are_told_once_and_all_forgotten()
    {
        await RenewAsync();
        var set = _keeper.For(Prefix, 1)!;

        set.Deny("the store refuses (403)");

        Assert.Null(set.TakeSlot());
        Assert.Null(set.Manifest());
        Assert.Null(_keeper.For(Prefix, 2));
        Assert.Null(Keeper().For(Prefix, 2));
        Assert.True(_journal.Has("host-problem"));
    }

    [Fact]
    public async Task A_clock_of_this_host_that_is_hours_off_says_nothing_about_them()
    {
        await RenewAsync(key => new Grant { Key = key, Url = "http://s/" + key, Expires = _time.GetUtcNow().AddHours(-5) });
        _time.Advance(ServerPresence.Patience);

        Assert.True(_keeper.MayBegin);
        Assert.NotNull(_keeper.For(Prefix, 1)!.TakeSlot());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_says_whether_to_ask_again(bool final)
    {
        Assert.Equal(final, await RenewAsync(key => new Grant { Key = key, Refused = "no", Final = final }));
        Assert.Null(_keeper.For(Prefix, 1));
    }

    [Fact]
    public async Task An_answer_is_not_waited_for_once_the_server_has_left()
    {
        _presence.Came(_server, ProtocolVersion.Minor);
        var renewing = _keeper.RenewAsync(Prefix, _presence.Attached!.Value.Visit, default);

        _presence.Left(_server);

        Assert.Null(await renewing);
        Assert.Empty(_broker.ToSend(new object(), ProtocolVersion.Minor));
    }

    [Fact]
    public async Task A_server_that_does_not_know_of_them_is_not_asked()
    {
        using var stop = new CancellationTokenSource();
        var renewing = _keeper.RenewAsync(Prefix, stop.Token, default);

        Assert.Empty(_broker.ToSend(_server, ProtocolVersion.AheadSince - 1));
        Assert.NotEmpty(_broker.ToSend(_server, ProtocolVersion.AheadSince));

        await stop.CancelAsync();
        await renewing;
    }

    [Fact]
    public async Task Half_of_them_go_as_checkpoints_come_and_the_rest_lasts_to_the_end_of_the_grace()
    {
        await RenewAsync();
        Assert.True(_keeper.MayBegin);
        _time.Advance(ServerPresence.Patience);
        var stored = Enumerable.Range(0, 100).TakeWhile(_ => Begun()).Count();
        Assert.InRange(stored, AheadNames.Sets / 2, (AheadNames.Sets / 2) + 1);

        var times = new List<DateTimeOffset>();
        var end = _time.GetUtcNow().AddHours(7);
        for (; _time.GetUtcNow() < end; _time.Advance(TimeSpan.FromMinutes(1)))
        {
            if (Begun())
            {
                times.Add(_time.GetUtcNow());
            }
        }

        Assert.Equal(AheadNames.Sets - stored, times.Count);
        Assert.True(times[^1] - times[0] > TimeSpan.FromHours(5));
        _presence.Came(_server, ProtocolVersion.Minor);
        Assert.True(_keeper.MayBegin);
    }

    private async Task<int> SlotsAsync()
    {
        await RenewAsync();
        var set = _keeper.For(Prefix, 1)!;
        return Enumerable.Range(0, 1000).TakeWhile(_ => set.TakeSlot() is not null).Count();
    }

    /// <summary>A checkpoint is stored, if one may be.</summary>
    private bool Begun()
    {
        if (!_keeper.MayBegin)
        {
            return false;
        }

        var ordinal = _state.Change(s => s with { NextOrdinal = s.NextOrdinal + 1 }).NextOrdinal - 1;
        return _keeper.For(Prefix, ordinal)!.Manifest() is not null;
    }

    /// <summary>One round, with every question answered as it comes.</summary>
    private async Task<bool?> RenewAsync(Func<string, Grant>? answer = null, List<string>? seen = null)
    {
        var renewing = _keeper.RenewAsync(Prefix, default, default);
        while (!renewing.IsCompleted)
        {
            foreach (var request in _broker.ToSend(new object(), ProtocolVersion.Minor))
            {
                seen?.AddRange(request.Wanted.Select(wanted => wanted.Key));
                _broker.Answer(new GrantAnswer(request.Id, [.. request.Wanted.Select(wanted => answer?.Invoke(wanted.Key) ?? new Grant { Key = wanted.Key, Url = "http://s/" + wanted.Key })]));
            }

            await Task.Yield();
        }

        return await renewing;
    }

    private AheadKeeper Keeper() => new(Path.Combine(_folder, "ahead.json"), _state, _presence, _broker, new ProblemReporter(_journal, _time), _time);
}
