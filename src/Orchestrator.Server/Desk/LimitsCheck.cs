using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>What is left of the server's limits, and whether they were lowered below what runs.</summary>
internal static class LimitsCheck
{
    internal static IEnumerable<DoctorCheck> Of(Room? room)
    {
        if (room is null)
        {
            yield break;
        }

        foreach (var check in room.Accounts.SelectMany(Of))
        {
            yield return check;
        }

        var (limits, used) = (room.Limits, room.Used);
        string[] words =
        [
            .. limits.MaxHourly is { } hour ? [$"{used.PerHour} of {hour}/h"] : Array.Empty<string>(),
            .. limits.MaxWeekly is { } week ? [string.Create(CultureInfo.InvariantCulture, $"${used.Week.Dollars:0.00} of {week} in seven days, what may still come included")] : Array.Empty<string>(),
            .. limits.MaxInstances is { } most ? [string.Create(CultureInfo.InvariantCulture, $"{used.Instances} of {most} instances")] : Array.Empty<string>(),
        ];
        if (words.Length == 0)
        {
            yield break;
        }

        var whose = room.Account is { } account ? $"account {account}: " : "";
        var waiting = room.Waiting.IsEmpty ? "" : string.Create(CultureInfo.InvariantCulture, $"; {room.Waiting.Length + room.MoreWaiting} jobs wait for room: {string.Join(", ", room.Waiting)}");
        yield return used.PerHour > limits.MaxHourly || used.Week > limits.MaxWeekly || used.Instances > limits.MaxInstances
            ? new("limits", "warning", $"{whose}over the limit: {string.Join(", ", words)}{waiting}", "what runs goes on and new rentals wait; pause or cancel a job to come below")
            : new("limits", "ok", whose + string.Join(", ", words) + waiting);
    }
}
