using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class AlertLinesTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_has_its_number_and_says_what_became_of_it()
    {
        AlertView[] alerts =
        [
            new(7, _now.AddMinutes(-10), "budget-80", "a#1 has spent 80 %", 1) { CanBeDismissed = true },
            new(8, _now.AddMinutes(-9), "orphan", "an instance", null),
            new(9, _now.AddMinutes(-8), "deadline", "b#2", 2) { DismissedAt = _now.AddMinutes(-5), DismissedBy = "eva" },
            new(3, _now.AddMinutes(-30), "store", "away", null) { ResolvedAt = _now.AddMinutes(-20), DismissedBy = "eva", DismissedAt = _now.AddMinutes(-25) },
        ];

        Assert.Equal(
            [
                "   7  11:50 budget-80: a#1 has spent 80 %",
                "   8  11:51 orphan: an instance (stays until it is mended)",
                "   9  11:52 deadline: b#2 (dismissed by eva 11:55)",
                "   3  11:30 store: away (settled 11:40, dismissed by eva)",
            ],
            AlertLines.Of(alerts, 100, _now, TimeZoneInfo.Utc));
        Assert.Equal(["nothing waits for you"], AlertLines.Of([], 100, _now, TimeZoneInfo.Utc));
    }
}
