using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills;

/// <summary>Counts what went wrong in one case, from the operating system, the store folder and the trainer's ledger.</summary>
public static class Judge
{
    /// <summary>A leak is still there after a minute; what only takes its time on a loaded machine is not.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);

    public static async Task<CaseResult> JudgeAsync(DrillRun run, DrillCase drill, Witness witness, CaseResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(drill);
        ArgumentNullException.ThrowIfNull(witness);
        ArgumentNullException.ThrowIfNull(result);
        List<string> wrong = [.. result.Wrong ?? []];
        var duplicates = Duplicates(run.Job, drill, witness, wrong);
        var leaks = await LeaksAsync(run.Site, wrong);
        var lost = Damaged(run.Store, wrong);
        var ledger = run.Plan.Ledger(run.Site);
        lost += ledger.Count(line => line.Kind == "mixed");
        var (durable, resumed, back) = Resumes(run, witness, ledger, wrong);
        if (result.Job == "succeeded" && StoreLook.Digest(run.Site, run.Plan.Name, run.Job) is var digest && digest != run.Plan.Digest())
        {
            wrong.Add($"the result is {digest ?? "missing"}, not that of an uninterrupted run");
        }

        return result with
        {
            Fault = run.Fault,
            Instances = witness.InstancesSeen(run.Job),
            Checkpoints = run.Store.Seen().Count,
            DurableStep = durable,
            ResumedAtStep = resumed,
            Duplicates = duplicates,
            Leaks = leaks,
            LostCheckpoints = lost + back,
            Wrong = wrong.Count == 0 ? null : wrong,
        };
    }

    private static int Duplicates(long job, DrillCase drill, Witness witness, List<string> wrong)
    {
        var counted = witness.Overlaps().Where(overlap => overlap.Job == job && (overlap.What == "trainers" || overlap.Seconds > drill.ExtraInstanceFor || drill.ExtraInstanceFor == 0)).ToArray();
        wrong.AddRange(counted.Select(overlap => $"two {overlap.What} for {overlap.Seconds:0.00} s: {overlap.Who}"));
        return counted.Length;
    }

    /// <summary>Processes and folders of instances that outlive the job.</summary>
    private static async Task<int> LeaksAsync(Site site, List<string> wrong)
    {
        string[] folders = [];
        IReadOnlyList<LiveProcess> processes = [];
        try
        {
            await Wait.UntilAsync(
                () =>
                {
                    processes = site.InstanceProcesses();
                    folders = Directory.Exists(site.Instances) ? Directory.GetFileSystemEntries(site.Instances) : [];
                    return processes.Count == 0 && folders.Length == 0;
                },
                "nothing left",
                Settle);
        }
        catch (TimeoutException)
        {
            wrong.AddRange(processes.Select(process => $"left over: {process.Pid} {string.Join(' ', process.Arguments)}"));
            wrong.AddRange(folders.Select(folder => "left over: " + folder));
        }

        return processes.Count + folders.Length;
    }

    private static int Damaged(StoreWatch store, List<string> wrong)
    {
        // The same manifest at first sight and at the end counts once.
        var bad = store.Seen().Where(one => !one.IsOurDamage).Concat(store.ReadAgain()).Where(one => one.Fault is not null).DistinctBy(one => one.Path).ToArray();
        wrong.AddRange(bad.Select(one => $"checkpoint {one.Attempt}/{one.Ordinal}: {one.Fault}"));
        return bad.Length;
    }

    /// <summary>Each start after the first must go on from the newest checkpoint that was durable when the trainer before it ended.</summary>
    private static (int? Durable, int? Resumed, int Lost) Resumes(DrillRun run, Witness witness, IReadOnlyList<LedgerLine> ledger, List<string> wrong)
    {
        int? durable = null;
        int? resumed = null;
        var lost = 0;
        var starts = ledger.Where(line => line.Kind == "start").ToArray();
        foreach (var (before, after) in starts.Zip(starts.Skip(1)))
        {
            var ended = witness.LastTraining(run.Job, before.Attempt) ?? before.At;
            durable = run.Store.Durable().Where(one => one.Attempt < after.Attempt && one.SeenAt <= ended).Select(one => (int?)one.Step).Max() ?? 0;
            resumed = after.Step;
            if (resumed < durable)
            {
                lost++;
                wrong.Add($"attempt {after.Attempt} went on from step {resumed}, though step {durable} was durable");
            }
        }

        return (durable, resumed, lost);
    }
}
