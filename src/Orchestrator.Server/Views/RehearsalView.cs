using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>A rehearsal in three lines: what was measured, how it went on after the kill, what that means.</summary>
internal static class RehearsalView
{
    private const int LongestWords = 600;

    /// <summary>Null = nothing was measured yet.</summary>
    public static string? Measured(RehearsalDetails rehearsal)
    {
        if (rehearsal is not { Killed: { } killed, Measured: { } measured })
        {
            return null;
        }

        var parts = new List<string> { Clean.Line(killed.Where, 80) };
        if (measured.BootSeconds is { } boot)
        {
            parts.Add($"ready {Time(boot)}");
        }

        if (measured.SecondsPerStep is { } pace)
        {
            parts.Add($"{Digits(pace)} s/step{(measured.SecondsPerStepError is { } error ? $" (±{Digits(error)})" : "")}");
        }

        if (measured.CheckpointBytes is { } bytes)
        {
            parts.Add($"checkpoint {Say.Size(bytes)}{Rhythm(measured)}{(measured.UploadSeconds is { } upload ? $", upload {Time(upload)}" : "")}");
        }

        return string.Join(" · ", parts);
    }

    /// <summary>Null = it was not killed, or has not gone on.</summary>
    public static string? WentOn(RehearsalDetails rehearsal)
    {
        if (rehearsal is not { Outcome: not null, Killed: { } killed })
        {
            return null;
        }

        var line = $"killed on purpose{At(killed.Step)}";
        if (rehearsal.Resumed is not { } resumed)
        {
            return line;
        }

        line += $" · resumed on {(rehearsal.SamePlace ? "the same machine as before (no other was better)" : Clean.Line(resumed.Where, 80))}{At(resumed.Step)}";
        return rehearsal.Outcome == "weekend-ready" ? $"{line} · {Clean.Line(rehearsal.Words, LongestWords)}" : line;
    }

    /// <summary>The verdict and, where it is a bad one, what was seen and what to do.</summary>
    public static IEnumerable<string> End(RehearsalDetails rehearsal, Paint paint)
    {
        var spent = $"spent ${Say.Dollars(rehearsal.Cost)}";
        if (rehearsal.Outcome == "weekend-ready")
        {
            var stored = !rehearsal.EstimateStored ? "nobody says how many steps there are, so no estimate was stored (progress.total)"
                : rehearsal.Measured is { TotalSteps: { } steps, WorkSeconds: { } work } measured
                    ? $"estimate stored: {Say.Count(steps)} steps = {Say.For(TimeSpan.FromSeconds(work))}{(measured.On is { } on ? " on " + Clean.Line(on, 60) : "")}"
                    : "";
            yield return $"{paint.Good("✓ weekend-ready")}   {spent}   {stored}".TrimEnd();
            yield break;
        }

        yield return $"{paint.Bad("✗ not weekend-ready")}   {spent}";
        yield return "  " + Clean.Line(rehearsal.Words, LongestWords);
        if (rehearsal.WhatToDo.Length > 0)
        {
            yield return "  " + Clean.Line(rehearsal.WhatToDo, LongestWords);
        }
    }

    /// <summary>Whether a spec is weekend-ready, for <c>plan</c> and <c>validate</c>.</summary>
    /// <param name="stamp">What is known.</param>
    /// <param name="zone">Days are this one's.</param>
    public static string Stamp(RehearsalStamp stamp, TimeZoneInfo zone)
    {
        if (stamp is not { Rehearsal: { } title, At: { } at })
        {
            return "not rehearsed";
        }

        var when = $"rehearsed {TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM", CultureInfo.InvariantCulture)}, {title}";
        return stamp.WeekendReady ? $"weekend-ready ({when})" : $"{when}, but since changed: {string.Join(", ", stamp.Changed.Select(field => Clean.Line(field, 40)))}";
    }

    private static string At(long? step) => step is { } known ? $" at step {Say.Count(known)}" : "";

    private static string Rhythm(RehearsalMeasures measured) => measured switch
    {
        { SavesEverySteps: { } steps, SavesEverySeconds: { } seconds } => $", saved every {Say.Count(steps)} steps = {Time(seconds)}",
        { SavesEverySeconds: { } seconds } => $", saved every {Time(seconds)}",
        _ => "",
    };

    private static string Time(double seconds) => seconds is > 0 and < 10 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s") : Say.For(TimeSpan.FromSeconds(seconds));

    private static string Digits(double seconds) => seconds.ToString(seconds >= 10 ? "0.0" : seconds >= 1 ? "0.00" : "0.####", CultureInfo.InvariantCulture);
}
