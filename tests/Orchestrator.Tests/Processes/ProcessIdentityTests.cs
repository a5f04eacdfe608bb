using Orchestrator.Engine.Processes;
using Xunit;

namespace Orchestrator.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void A_name_with_spaces_and_parentheses_does_not_shift_the_fields()
    {
        var line = "42 (a) S 1 (b) R 7 42 42 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 987654 1000 200 18446744073709551615";

        Assert.True(ProcessStat.TryParse(line, out var stat));

        Assert.Equal(new(42, 'R', 987654), stat);
        Assert.False(stat.HasEnded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("42 (a) S 1 2 3")]
    [InlineData("x (a) S 1 1 1 0 -1 0 1 0 0 0 1 2 0 0 20 0 1 0 987654")]
    public void What_is_no_stat_line_is_refused(string line) => Assert.False(ProcessStat.TryParse(line, out _));

    [Fact]
    public void A_zombie_has_ended()
    {
        Assert.True(ProcessStat.TryParse("42 (a) Z 7 42 42 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 987654", out var stat));
        Assert.True(stat.HasEnded);
    }

    [Fact]
    public void The_same_pid_is_another_process_after_a_reboot_or_with_another_start()
    {
        var me = ProcessIdentity.Current();

        Assert.True(me.IsAlive());
        Assert.False((me with { BootId = Guid.Empty.ToString() }).IsAlive());
        Assert.False((me with { StartTicks = me.StartTicks + 1 }).IsAlive());
        Assert.False((me with { StartTicks = me.StartTicks + 1 }).TrySignal(9));
    }

    [Fact]
    public void It_is_kept_as_one_line()
    {
        var me = ProcessIdentity.Current();

        Assert.Equal(me, ProcessIdentity.TryParse(me + "\n"));
        Assert.Null(ProcessIdentity.TryParse(null));
        Assert.Null(ProcessIdentity.TryParse("1/2/3"));
        Assert.Null(ProcessIdentity.TryParse($"{me.BootId}/0/5"));
        Assert.Null(ProcessIdentity.TryParse($"{me.BootId}/-1/5"));
    }
}
