using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Planning.Hosts;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class HostsTableTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<HostRecord> _records =
    [
        new() { Host = "vast/143705", Gpu = "RTX 4090", Launches = 3, NeverReady = 3, BootShare = 0.64 },
        new() { Host = "vast/58761", Gpu = "RTX 4090", Launches = 12, NeverReady = 1, ReadyIn = TimeSpan.FromSeconds(112), Lived = TimeSpan.FromHours(41), Interruptions = 2, Faults = 1, BootShare = 0.94 },
    ];

    private static readonly ImmutableArray<HostBan> _bans =
    [
        new() { Host = "vast/143705", By = "orchestrator", Reason = "3 launches in a row never got ready", At = _now, Until = _now.AddHours(23) },
        new() { Host = "vast/77", By = "ada", At = _now },
    ];

    private static readonly SshMachine _lab = new() { Address = new() { Name = "lab-1", Host = "10.0.0.5", User = "ada" }, Banned = true };

    [Fact]
    public void A_host_is_shown_with_what_was_seen_and_who_banned_it() => Assert.Equal(
        """
         HOST         CARDS     READY     IN  LIVED  INTR  FAULTS  BOOTS  STATE
         ssh/lab-1    -             -      -      -     0       0      -  banned by orchestrator.yaml
         vast/143705  RTX 4090    0/3      -      -     0       0   64 %  banned by orchestrator until Sat 19:00: 3 launches in a row never got ready
         vast/58761   RTX 4090  11/12  1m52s  1d17h     2       1   94 %  ok
         vast/77      -             -      -      -     0       0      -  banned by ada
        """,
        Text(160));

    [Fact]
    public void Eighty_columns_keep_who_banned_a_host() => Assert.Contains("banned by orc", Text(80), StringComparison.Ordinal);

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public void No_line_wraps(int width) => Assert.All(Text(width).Split('\n'), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void Where_no_job_has_run_nothing_is_known() => Assert.Contains("no job has run", Assert.Single(HostsTable.Lines([], 80, new Paint(false), _now, TimeZoneInfo.Utc)), StringComparison.Ordinal);

    private static string Text(int width) =>
        string.Join('\n', HostsTable.Lines(HostViews.Make(_records, _bans, [_lab]), width, new Paint(false), _now, TimeZoneInfo.Utc).Select(line => line.TrimEnd()));
}
