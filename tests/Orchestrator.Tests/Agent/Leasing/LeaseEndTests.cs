using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Leasing;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Leasing;

public sealed class LeaseEndTests : IDisposable
{
    private static readonly Uri _address = new("https://example.org/api/v0/instances/7/");
    private static readonly DrainDone _allStored = new(true, true, DrainDone.AllStored) { Seq = 0, At = default };

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-lease-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly AgentJournal _journal;
    private readonly StateFile _state;
    private readonly List<string> _done = [];

    public LeaseEndTests()
    {
        _journal = new AgentJournal(Path.Combine(_folder, "journal.jsonl"), _time, () => { });
        _state = new StateFile(Path.Combine(_folder, "state.json"));
    }

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trainer_that_ends_with_its_lease_was_ended_by_the_host_and_one_that_had_ended_was_not(bool before)
    {
        if (before)
        {
            _journal.Append(new TrainerEnded { Seq = 0, At = default, ExitCode = 0 });
        }

        bool? left = null;
        await End(_ =>
        {
            left = _state.Current.HostLeaves;
            return Task.FromResult(_allStored);
        }).RunAsync(_address, default);

        Assert.Equal(!before, left);
    }

    [Fact]
    public async Task What_is_stored_is_deleted_before_the_instance_ends()
    {
        await End(_ => Task.FromResult(_allStored)).RunAsync(_address, default);

        Assert.Equal(["clean", "destroy " + _address], _done);
        Assert.True(_state.Current.Cleaned);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_is_not_stored_is_not_deleted(bool outputs, bool checkpoint)
    {
        await End(_ => Task.FromResult(new DrainDone(outputs, checkpoint, "something is missing") { Seq = 0, At = default })).RunAsync(_address, default);

        Assert.Equal(["destroy " + _address], _done);
        Assert.False(_state.Current.Cleaned);
    }

    [Fact]
    public async Task A_host_that_cannot_end_itself_only_saves()
    {
        await End(_ => Task.FromResult(_allStored)).RunAsync(null, default);

        Assert.Empty(_done);
        Assert.True(_state.Current.HostLeaves);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task No_failure_keeps_it_from_ending(Type failure)
    {
        await End(_ => throw (Exception)Activator.CreateInstance(failure)!).RunAsync(_address, default);
        await End(_ => Task.FromResult(_allStored), () => throw (Exception)Activator.CreateInstance(failure)!).RunAsync(_address, default);

        Assert.Equal(["destroy " + _address, "destroy " + _address], _done);
    }

    [Fact]
    public async Task A_disk_that_takes_no_note_keeps_it_from_nothing()
    {
        // A folder is where the file belongs.
        Directory.CreateDirectory(Path.Combine(_folder, "state.json", "in the way"));

        await End(_ => Task.FromResult(_allStored)).RunAsync(_address, default);

        Assert.Equal("destroy " + _address, _done[^1]);
        Assert.True(_state.Current.HostLeaves);
    }

    [Fact]
    public async Task What_hangs_is_not_waited_for()
    {
        var saving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cleaning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var never = new ManualResetEventSlim();
        try
        {
            // A disk that hangs holds the thread.
            var ends = End(_ =>
            {
                saving.SetResult();
                never.Wait(CancellationToken.None);
                return Task.FromResult(_allStored);
            }).RunAsync(_address, default);
            await saving.Task;
            await PassAsync(ends);

            ends = End(_ => Task.FromResult(_allStored), () =>
            {
                cleaning.SetResult();
                never.Wait();
                return "late";
            }).RunAsync(_address, default);
            await cleaning.Task;
            await PassAsync(ends);

            Assert.Equal(["destroy " + _address, "destroy " + _address], _done);
        }
        finally
        {
            never.Set();
        }
    }

    [Fact]
    public async Task An_agent_that_is_stopped_ends_nothing()
    {
        using var stop = new CancellationTokenSource();
        var ends = End(async cancellation =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return _allStored;
        }).RunAsync(_address, stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ends);
        Assert.Empty(_done);
    }

    private LeaseEnd End(Func<CancellationToken, Task<DrainDone>> drain, Func<string>? clean = null) => new(
        _state,
        _journal,
        drain,
        clean ?? (() =>
        {
            _done.Add("clean");
            return "wiped";
        }),
        (address, _) =>
        {
            _done.Add("destroy " + address);
            return Task.CompletedTask;
        },
        _time);

    private async Task PassAsync(Task ends)
    {
        while (!ends.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await ends;
    }
}
