using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class DoctorLinesTests
{
    [Theory]
    [InlineData("all well")]
    [InlineData("all well", "ok", "ok")]
    [InlineData("nothing is broken; 1 warning", "ok", "warning")]
    [InlineData("nothing is broken; 2 warnings", "warning", "ok", "warning")]
    [InlineData("1 thing to mend", "ok", "bad")]
    [InlineData("2 things to mend, 1 warning", "bad", "warning", "bad")]
    public void The_last_line_sums_up_the_lines_above_it(string words, params string[] levels)
    {
        var lines = Tables.Doctor([.. levels.Select(level => new DoctorCheck("machine", level, "its clock is off by 5h00m"))], 100, new Paint(false)).ToList();

        Assert.Equal(levels.Length + 1, lines.Count);
        Assert.Equal(words, lines[^1]);
    }
}
