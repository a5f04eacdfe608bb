using Microsoft.Extensions.Time.Testing;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Server.Cli.Panicking;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Panicking;

public sealed class PanicRunTests
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    private readonly QuickTime _time = new();
    private readonly List<string> _said = [];

    [Fact]
    public async Task What_carries_a_label_goes_and_everything_else_stays()
    {
        var (vast, runpod) = (new Account("vast", "orc-e1-7-1", "orc-e2-9-3", "campaign-7", "orc-mine"), new Account("runpod", "jupyter"));
        var run = Run(null, vast, runpod);

        var look = await run.LookAsync(default);
        Assert.Equal(["e1", "e2"], look.Found.Select(found => found.Epoch));
        Assert.Equal([2, 1], [look.Others["vast"], look.Others["runpod"]]);
        var report = await run.DestroyAsync(look, _longest, default);

        Assert.True(report.IsClean);
        Assert.Equal(["campaign-7", "orc-mine"], vast.Labels);
        Assert.Equal(2, report.Destroyed.Length);
    }

    [Fact]
    public async Task One_installation_can_be_meant()
    {
        var vast = new Account("vast", "orc-e1-7-1", "orc-e2-9-3");
        var run = Run("e2", vast);

        await run.DestroyAsync(await run.LookAsync(default), _longest, default);

        Assert.Equal(["orc-e1-7-1"], vast.Labels);
    }

    /// <summary>Accepted is not gone, and neither is an answer that it is not known.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(ProviderErrorKind.NotFound)]
    [InlineData(ProviderErrorKind.Transient)]
    public async Task What_a_list_goes_on_showing_is_left(ProviderErrorKind? refusal)
    {
        var vast = new Account("vast", "orc-e1-7-1") { Keeps = true, Refusal = refusal };
        var run = Run(null, vast);

        var report = await run.DestroyAsync(await run.LookAsync(default), TimeSpan.FromSeconds(30), default);

        Assert.False(report.IsClean);
        Assert.Equal("vast orc-e1-7-1 (orc-e1-7-1)", Assert.Single(report.Left));
        Assert.True(vast.Destroys > 3);
    }

    [Fact]
    public async Task What_turns_up_meanwhile_goes_too()
    {
        var vast = new Account("vast", "orc-e1-7-1");
        vast.AfterDestroy = () =>
        {
            vast.AfterDestroy = null;
            vast.Labels.Add("orc-e1-8-1");
        };
        var run = Run(null, vast);

        var report = await run.DestroyAsync(await run.LookAsync(default), _longest, default);

        Assert.True(report.IsClean);
        Assert.Equal(2, report.Destroyed.Length);
        Assert.Contains(_said, words => words.Contains("orc-e1-8-1) has turned up", StringComparison.Ordinal));
    }

    /// <summary>The server died in the middle of a create call, and the account's lists lag behind.</summary>
    [Fact]
    public async Task What_was_being_rented_and_shows_late_goes_too()
    {
        var vast = new Account("vast", "orc-e1-7-1");
        var run = Run(null, vast);
        var look = await run.LookAsync(default);
        var begun = _time.GetTimestamp();
        vast.BeforeLook = () =>
        {
            if (vast.BeforeLook is not null && _time.GetElapsedTime(begun) >= TimeSpan.FromSeconds(60))
            {
                vast.BeforeLook = null;
                vast.Labels.Add("orc-e1-8-1");
            }
        };

        var report = await run.DestroyAsync(look, _longest, default);

        Assert.True(report.IsClean);
        Assert.Equal(["vast orc-e1-7-1 (orc-e1-7-1)", "vast orc-e1-8-1 (orc-e1-8-1)"], report.Destroyed.AsEnumerable());
        Assert.Empty(vast.Labels);
    }

    [Fact]
    public async Task An_account_that_falls_silent_is_not_taken_for_empty()
    {
        var (vast, runpod) = (new Account("vast", "orc-e1-7-1"), new Account("runpod", "orc-e1-8-1"));
        vast.AfterDestroy = () => vast.IsSilent = true;
        var run = Run(null, vast, runpod);

        var report = await run.DestroyAsync(await run.LookAsync(default), TimeSpan.FromMinutes(2), default);

        Assert.Equal("not for you", report.Failed["vast"]);
        Assert.Equal(("vast orc-e1-7-1 (orc-e1-7-1)", "runpod orc-e1-8-1 (orc-e1-8-1)"), (Assert.Single(report.Left), Assert.Single(report.Destroyed)));
    }

    /// <summary>Somebody else's, who rents at the same account or whose account has answered too late to be shown.</summary>
    [Fact]
    public async Task What_nobody_was_shown_is_left_alone_and_told()
    {
        var (vast, runpod) = (new Account("vast", "orc-e1-7-1"), new Account("runpod", "orc-e2-9-3") { IsSilent = true });
        vast.AfterDestroy = () =>
        {
            runpod.IsSilent = false;
            vast.Labels.Add("orc-e3-1-1");
        };
        var run = Run(null, vast, runpod);
        var look = await run.LookAsync(default);
        Assert.Contains("runpod does not show for sure what runs there: not for you", PanicTable.Lines(look, 200, new Paint(false)));

        var report = await run.DestroyAsync(look, _longest, default);

        Assert.False(report.IsClean);
        Assert.Equal(["orc-e3-1-1", "orc-e2-9-3"], [.. vast.Labels, .. runpod.Labels]);
        Assert.Equal(["runpod orc-e2-9-3 (orc-e2-9-3)", "vast orc-e3-1-1 (orc-e3-1-1)"], report.NotShown.AsEnumerable());
        Assert.Equal("vast orc-e1-7-1 (orc-e1-7-1)", Assert.Single(report.Destroyed));
        Assert.Contains(_said, words => words.Contains("orc-e2-9-3) has turned up, was not shown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_known_at_an_account_that_shows_nothing_any_more_is_destroyed_again()
    {
        var vast = new Account("vast", "orc-e1-7-1") { Refusals = 3 };
        vast.AfterDestroy = () => vast.IsSilent = vast.Refusals > 0;
        var run = Run(null, vast);

        var report = await run.DestroyAsync(await run.LookAsync(default), _longest, default);

        Assert.True(report.IsClean);
        Assert.Equal((4, 1), (vast.Destroys, report.Destroyed.Length));
    }

    [Fact]
    public async Task An_account_that_never_answers_is_not_waited_for_to_the_end()
    {
        var (vast, runpod) = (new Account("vast", "orc-e1-7-1"), new Account("runpod") { IsSilent = true });
        var run = Run(null, vast, runpod);
        var begun = _time.GetTimestamp();

        var report = await run.DestroyAsync(await run.LookAsync(default), _longest, default);

        Assert.False(report.IsClean);
        Assert.Equal(("runpod", 1), (Assert.Single(report.Failed).Key, report.Destroyed.Length));
        Assert.InRange(_time.GetElapsedTime(begun), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task One_list_that_shows_nothing_proves_nothing()
    {
        var vast = new Account("vast");
        var run = Run(null, vast);
        var look = await run.LookAsync(default);
        var begun = _time.GetTimestamp();
        Assert.True((await run.DestroyAsync(look, _longest, default)).IsClean);
        Assert.InRange(_time.GetElapsedTime(begun), vast.Timings.CreateTimeout + vast.Timings.Settling, _longest);
        Assert.Contains("nothing more is listed; a create call that was under way may show late, so vast is watched until 90 s after the start", _said);

        // The time is over with the first list that lacks it.
        vast.Labels.Add("orc-e1-7-1");
        var report = await run.DestroyAsync(await run.LookAsync(default), TimeSpan.Zero, default);
        Assert.False(report.IsClean);
        Assert.Equal("vast orc-e1-7-1 (orc-e1-7-1)", Assert.Single(report.Left));
    }

    private PanicRun Run(string? epoch, params Account[] accounts) => new(accounts, epoch, _time, _said.Add);

    /// <summary>Whoever waits has waited at once.</summary>
    private sealed class QuickTime : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return timer;
        }
    }

    private sealed class Account(string name, params string[] labels) : IProvider
    {
        public string Name => name;

        public List<string> Labels { get; } = [.. labels];

        public bool Keeps { get; init; }

        public ProviderErrorKind? Refusal { get; init; }

        /// <summary>So many destroys are refused.</summary>
        public int Refusals { get; set; }

        public bool IsSilent { get; set; }

        public Action? AfterDestroy { get; set; }

        public int Destroys { get; private set; }

        public Action? BeforeLook { get; set; }

        public ProviderTimings Timings { get; } = new()
        {
            CreateTimeout = TimeSpan.FromSeconds(60), Settling = TimeSpan.FromSeconds(30), Boot = TimeSpan.FromMinutes(10), Connect = TimeSpan.FromMinutes(5),
        };

        public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<InstanceList> ListWhatAnswersAsync(CancellationToken cancellation)
        {
            BeforeLook?.Invoke();
            if (IsSilent)
            {
                throw new ProviderException(ProviderErrorKind.Unauthorized, "not for you");
            }

            var ours = Labels.Where(label => label.StartsWith("orc-", StringComparison.Ordinal)).ToList();
            return Task.FromResult(new InstanceList([.. ours.Select(label => new ListedInstance { InstanceId = label, Label = label, Status = InstanceStatus.Running })])
            {
                Foreign = [.. Labels.Except(ours).Select(label => new ForeignInstance(label, label))],
            });
        }

        public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DestroyAsync(string instanceId, CancellationToken cancellation)
        {
            Destroys++;
            if (Refusal is { } kind)
            {
                throw new ProviderException(kind, "no");
            }

            if (Refusals-- > 0)
            {
                AfterDestroy?.Invoke();
                throw new ProviderException(ProviderErrorKind.RateLimited, "too many");
            }

            if (!Keeps)
            {
                Labels.Remove(instanceId);
            }

            AfterDestroy?.Invoke();
            return Task.CompletedTask;
        }

        public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
