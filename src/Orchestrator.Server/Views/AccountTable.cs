using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>account list</c>.</summary>
public static class AccountTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<AccountView> accounts, int width, Paint paint)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var table = new TextTable(
            new("ACCOUNT", 7), new("AT", 4), new("LEFT", 6, IsRight: true), new("$/h", 5, IsRight: true), new("OURS", 4, IsRight: true), new("LEAKED", 6, IsRight: true),
            new("ORPHANS", 7, IsRight: true), new("NOT OURS", 8, IsRight: true), new("LASTS", 5, IsRight: true), new("LIMITS", 6, CanGo: true), new("KEY FROM", 8, CanGo: true));
        foreach (var account in accounts)
        {
            table.Add(
                [
                    account.Name, account.Provider, account.Left is { } left ? left.ToString("0.00", CultureInfo.InvariantCulture) : "-", account.PerHour.ToString("0.000", CultureInfo.InvariantCulture),
                    Text(account.Running), Text(account.Leaked), Text(account.Orphans), Text(account.Foreign), Lasts(account), Limits(account), account.Key,
                ],
                (column, cell) => column == 5 && account.Leaked > 0 ? paint.Bad(cell) : column == 6 && account.Orphans > 0 ? paint.Warn(cell) : cell);
        }

        return accounts.Count == 0 ? ["no accounts: nothing is rented. Add one under accounts in orchestrator.yaml, see `orchestrator init`"] : table.Lines(width, paint);
    }

    /// <summary>What the server says where there is no account; one line each, since a part of it is to be copied.</summary>
    public static IEnumerable<string> Hints(IEnumerable<DoctorCheck> checks) =>
        checks.Select(check => Clean.Line(check.Text + (check.WhatToDo is { Length: > 0 } todo ? "; " + todo : ""), 1_000));

    private static string Lasts(AccountView account) => account.Left is null || account.PerHour <= 0 ? "-"
        : account.LastsHours is { } hours ? string.Create(CultureInfo.InvariantCulture, $"{hours:0.#} h")
        : "all";

    private static string Limits(AccountView account)
    {
        string[] all =
        [
            .. account.MostRunning is { } most ? [most.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
            .. account.MostPerHour is { } hour ? [string.Create(CultureInfo.InvariantCulture, $"${hour:0.##}/h")] : Array.Empty<string>(),
            .. account.MostWeekly is { } week ? [string.Create(CultureInfo.InvariantCulture, $"${week:0.##}/week")] : Array.Empty<string>(),
        ];
        return all.Length > 0 ? string.Join(' ', all) : "-";
    }

    /// <summary>A question mark where the account does not show what runs there.</summary>
    private static string Text(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
