using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine;

namespace Orchestrator.Drills;

/// <summary>All cases of the crash drill.</summary>
public static class Cases
{
    /// <summary>Hits of a fail point that every job reaches, by name; others are reached once.</summary>
    private static readonly Dictionary<string, int> Hits = new(StringComparer.Ordinal)
    {
        ["tick-leased"] = 10, ["tick-decided"] = 8, ["tick-committed"] = 8, ["tick-done"] = 8, ["events-received"] = 8, ["events-stored"] = 8,
        ["checkpoint-verified"] = 3, ["checkpoint-erased"] = 2, ["command-stored"] = 2,
    };

    public static IReadOnlyList<DrillCase> All(int seed) =>
    [
        .. FailPoints.Names.Select(name => Kill(name, seed)),
        Stop("launch-unchecked", extraFor: 0) with { Name = "stop-before-check", Exposes = "no-fencing" },
        Stop("launch-checked", extraFor: 300) with { Name = "stop-between-check-and-send" },
        new("instance-lost-while-training", LoseInstanceAsync) { Plan = Waiting },
        new("instance-lost-while-uploading", LoseInstanceInUploadAsync) { Plan = Large, Exposes = "manifest-first" },
        new("create-replies-lost", LostRepliesAsync) { Plan = Plain, Exposes = "no-label-lookup", Environment = LostReplies, IsLocalOnly = true },
        new("newest-checkpoint-damaged", DamageAsync) { Plan = Waiting },
        new("stored-but-not-committed", StoredNotCommittedAsync) { Plan = Waiting },
        new("rewritten-while-read", RewriteAsync) { Plan = InPlace, Exposes = "no-change-check" },
    ];

    /// <summary>Replies of the first create calls are lost, and the lists lag behind.</summary>
    private static Dictionary<string, string> LostReplies => new() { ["ORCHESTRATOR_LOCAL_FAULTS"] = "lose-replies=1,delay-list=3" };

    private static DrillCase Kill(string name, int seed)
    {
        var dice = new Random((seed * 7919) + CrashDrillOptions.StableHash(name));
        return new("kill-" + name, run => KillAsync(run, name)) { Plan = Plain, Environment = Armed(name, dice.Next(1, Hits.GetValueOrDefault(name, 1) + 1), "kill") };
    }

    private static DrillCase Stop(string name, double extraFor) =>
        new("stop-" + name, run => StopAsync(run, name)) { Plan = Long, Environment = Armed(name, 1, "stop"), ExtraInstanceFor = extraFor };

    private static Dictionary<string, string> Armed(string name, int hit, string action) =>
        new() { ["ORCHESTRATOR_FAILPOINT"] = string.Create(CultureInfo.InvariantCulture, $"{name}:{hit}:{action}") };

    private static async Task KillAsync(DrillRun run, string name)
    {
        if (!await run.UntilFailPointAsync())
        {
            throw new InvalidOperationException($"the job ended without reaching {name}");
        }

        run.Fault = $"server killed at {name}";
        await run.RestartAsync();
    }

    /// <summary>The first server is stopped past its lease; a second one takes over; then the first one wakes.</summary>
    private static async Task StopAsync(DrillRun run, string name)
    {
        await run.UntilFailPointAsync();
        var first = run.Server;
        await run.UntilAsync(() => first.IsStopped, "the first server to stop");
        await run.StartServerAsync(beside: true);
        await run.UntilAsync(() => run.Plan.Ledger(run.Site).Any(line => line.Kind == "start"), "the second server to train the job");
        await run.PauseAsync(0.2, 2);
        first.Signal(Signals.Continue);
        run.Fault = $"first server stopped at {name}, past its lease; woken while the second one trained";
    }

    private static async Task LoseInstanceAsync(DrillRun run)
    {
        await run.UntilDurableAsync(run.Dice.Next(2, 5));
        await run.PauseAsync(0, 0.6);
        run.Fault = $"instance {await run.KillInstanceAsync()} killed with {run.Store.Durable().Count} checkpoints in the store";
    }

    private static async Task LoseInstanceInUploadAsync(DrillRun run)
    {
        var wanted = run.Dice.Next(1, 3);
        await run.UntilAsync(() => run.Store.Seen().Count >= wanted, "checkpoints in the store", TimeSpan.FromMilliseconds(5));
        var incoming = Path.Combine(run.Site.Store, ".incoming");
        var least = run.Plan.Size * run.Dice.Next(5, 90) / 100;
        await run.UntilAsync(
            () => Directory.Exists(incoming) && new DirectoryInfo(incoming).EnumerateFiles().Any(file => file.Exists && file.Length > least),
            "an upload to be under way",
            TimeSpan.FromMilliseconds(1));
        run.Fault = $"instance {await run.KillInstanceAsync()} killed in the middle of an upload";
    }

    private static Task LostRepliesAsync(DrillRun run)
    {
        run.Fault = "the reply to create was lost, lists lagged by 3 s";
        return Task.CompletedTask;
    }

    private static async Task DamageAsync(DrillRun run)
    {
        await run.UntilDurableAsync(run.Dice.Next(2, 5));
        var newest = run.Store.Durable()[^1];
        run.Store.MarkDamaged(newest.Path);
        var file = newest.Files[run.Dice.Next(newest.Files.Count)];
        switch (run.Dice.Next(3))
        {
            case 0:
                File.Delete(file);
                break;
            case 1:
                using (var cut = File.OpenWrite(file))
                {
                    cut.SetLength(cut.Length / 2);
                }

                break;
            default:
                using (var flipped = File.OpenWrite(file))
                {
                    flipped.Position = flipped.Length / 2;
                    flipped.WriteByte((byte)'!');
                }

                break;
        }

        var instance = await run.KillInstanceAsync();
        run.Fault = $"{Path.GetFileName(file)} of checkpoint {newest.Attempt}/{newest.Ordinal} (step {newest.Step}) damaged and instance {instance} killed";
    }

    /// <summary>The server dies in the moment a manifest appears, and the instance with it: only the store knows of the checkpoint.</summary>
    private static async Task StoredNotCommittedAsync(DrillRun run)
    {
        var wanted = run.Dice.Next(2, 5);
        var folder = string.Create(CultureInfo.InvariantCulture, $"/{wanted:D6}/manifest.json");
        await run.UntilAsync(() => StoreLook.Manifests(run.Site, run.Plan.Name, run.Job).Any(path => path.EndsWith(folder, StringComparison.Ordinal)), "a manifest", TimeSpan.FromMilliseconds(1));
        await run.Server.KillAsync();
        var instance = await run.KillInstanceAsync();
        run.Fault = $"server killed as manifest {wanted} was stored, and instance {instance} with it";
        await run.PauseAsync(0, 1);
        await run.StartServerAsync();
    }

    private static async Task RewriteAsync(DrillRun run)
    {
        // How often a read is disturbed is chance; a trainer that is done by then was disturbed as often as it could be.
        bool Disturbed() => run.Plan.Ledger(run.Site).Count(line => line.Kind.StartsWith("rewriting", StringComparison.Ordinal)) >= 2 || Witness.LiveInstances(run.Site, run.Job).Count == 0;
        await run.UntilAsync(() => run.Store.Seen().Count >= 1 && Disturbed(), "two reads that were disturbed");
        await run.PauseAsync(0, 1);
        // On a fast machine the trainer may be done by now; what must not be in the store is judged either way.
        var killed = await run.TryKillInstanceAsync();
        run.Fault = "checkpoint rewritten in place while it was read; " + (killed is null ? "the trainer had ended by itself" : $"instance {killed} killed");
    }

    private static TrainerPlan Plain(Random dice, string name, int seed) => new()
    {
        Name = name, Seed = seed, Steps = dice.Next(70, 85), Pace = 0.08, Every = dice.Next(5, 8), Size = 64 * dice.Next(500, 4000), Keep = 2,
    };

    private static TrainerPlan Long(Random dice, string name, int seed) => Plain(dice, name, seed) with { Steps = 110 };

    /// <summary>For an instance that must be lost in the middle, however slow the machine is.</summary>
    private static TrainerPlan Waiting(Random dice, string name, int seed) => Plain(dice, name, seed) with { WaitsForStore = true };

    private static TrainerPlan Large(Random dice, string name, int seed) => Waiting(dice, name, seed) with { Size = 8_000_000, Pace = 0.12 };

    /// <summary>Quiet for longer than it takes to settle, then rewritten.</summary>
    private static TrainerPlan InPlace(Random dice, string name, int seed) => new()
    {
        Name = name, Seed = seed, Steps = dice.Next(100, 120), Pace = 0.1, Every = 25, Size = 16_000_000, InPlace = true,
    };
}
