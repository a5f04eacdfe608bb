using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>An account as our books have it, without a word of its provider's.</summary>
internal static class AccountViews
{
    internal static AccountView OfBooks(AccountEntry entry, AccountRow? row, ImmutableArray<AccountNeed> needs)
    {
        var forecast = AccountForecast.Of(new(row?.SpendableMicros ?? 0), needs);
        return new()
        {
            Name = entry.Name,
            Provider = entry.Provider,
            Key = entry.Key.ToString()!,
            Left = row?.SpendableMicros is { } left ? new Money(left).Dollars : null,
            LastsHours = row?.SpendableMicros is null ? null : forecast.EndsAfter?.TotalHours,
            Needed = forecast.Unknown < forecast.Rentals ? forecast.Needed.Dollars : null,
            PerHour = forecast.PerHour.Dollars,
            Running = row?.Running ?? 0,
            MostRunning = entry.Limits.MaxInstances,
            MostPerHour = entry.Limits.MaxHourly?.Dollars,
            MostWeekly = entry.Limits.MaxWeekly?.Dollars,
        };
    }
}
