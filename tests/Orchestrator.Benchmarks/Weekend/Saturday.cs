namespace Orchestrator.Drills.Weekend;

/// <summary>What <c>weekend --batch</c> submits on Friday: a sweep, and five jobs that a person looks after on Saturday.</summary>
internal static class Saturday
{
    public const string Sweep = "sweep";

    /// <summary>Dollars that the sweep may cost.</summary>
    public const decimal SweepBudget = 30;

    /// <summary>Jobs of the sweep that run at one time.</summary>
    public const int MostAtOnce = 4;

    /// <summary>Of the sweep; each with as many jobs as there are widths. The last one fails with one of them.</summary>
    private static readonly string[] _rates = ["1e-4", "3e-4", "1e-3", "3e-3", "1e-2"];

    private static readonly string[] _widths = ["1", "2", "3", "4", "5", "6", "7", "8"];

    /// <summary>Its budget is spent before it is done.</summary>
    public const string TooDear = "too-dear";

    /// <summary>Dollars.</summary>
    public const decimal TooDearBudget = 0.04m;

    /// <summary>Paused by a person, and resumed.</summary>
    public const string ByHand = "by-hand";

    /// <summary>It fails by a mistake in its spec, and is retried without.</summary>
    public const string Typo = "typo";

    /// <summary>Its host is lost.</summary>
    public const string Unlucky = "unlucky";

    /// <summary>Nothing befalls it.</summary>
    public const string Plain = "plain";

    /// <summary>The host of a member with this in its cell is lost once.</summary>
    public const string LostWidth = "width=7";

    /// <summary>The one member that fails, by its own fault.</summary>
    public const string FailingCell = "lr=1e-2,width=8";

    /// <summary>Jobs of the whole sweep.</summary>
    public static int Members => _rates.Length * _widths.Length;

    /// <summary>A sweep of so many jobs can be made.</summary>
    public static bool Allows(int members) => members > 0 && members <= Members && members % _widths.Length == 0;

    public static IReadOnlyList<string> Singles { get; } = [TooDear, ByHand, Typo, Unlucky, Plain];

    /// <summary>The state that a single job must end in. The retry of <see cref="Typo"/> succeeds.</summary>
    public static string EndOf(string single) => single switch { TooDear => "paused", Typo => "failed", _ => "succeeded" };

    public static string SpecOf(string single, string image, IReadOnlyList<string> clouds) => single switch
    {
        TooDear => Spec(single, image, clouds, steps: 100_000, waitsAt: 0, exit: "0", $"estimate: 1m on RTX 4090\ntimeouts: {{boot: 2m}}\nbudget: {{max-total: ${TooDearBudget}}}"),
        ByHand or Unlucky => Spec(single, image, clouds, steps: 30, waitsAt: 20, exit: "0", "estimate: 10m on RTX 4090\nbudget: {max-total: $20}"),
        Typo => Spec(single, image, clouds, steps: 12, waitsAt: 0, exit: "${MISTAKE}", "estimate: 10m on RTX 4090\nenv: {MISTAKE: 3}\nbudget: {max-total: $20}"),
        _ => Spec(single, image, clouds, steps: 30, waitsAt: 0, exit: "0", "estimate: 10m on RTX 4090\nbudget: {max-total: $20}"),
    };

    public static string SweepSpec(string image, IReadOnlyList<string> clouds, int members) => Spec(
        Sweep, image, clouds, steps: 20, waitsAt: 0, exit: "$([ ${{ matrix.lr }}-${{ matrix.width }} = 1e-2-8 ] && echo 3 || echo 0)",
        $$"""
        strategy:
          matrix: {lr: [{{string.Join(", ", _rates.TakeLast(members / _widths.Length))}}], width: [{{string.Join(", ", _widths)}}]}
          max-parallel: {{MostAtOnce}}
          canary: 1
        batch: {name: {{Sweep}}, budget: ${{SweepBudget}}, reuse-hosts: true}
        estimate: 5m on RTX 4090
        """).Replace("WAITS", "$([ ${{ matrix.width }} = 7 ] && echo 10 || echo 0)", StringComparison.Ordinal).Replace("LOSS", "0.$((100 + ${{ matrix.width }}))", StringComparison.Ordinal);

    /// <param name="name">The job's.</param>
    /// <param name="image">Its image.</param>
    /// <param name="clouds">Where it may rent.</param>
    /// <param name="steps">A fifth of a second each; a checkpoint every ten.</param>
    /// <param name="waitsAt">The step at which it waits on its first attempt, for what is done to it; 0 = at none.</param>
    /// <param name="exit">Exit code.</param>
    /// <param name="terms">More lines.</param>
    private static string Spec(string name, string image, IReadOnlyList<string> clouds, int steps, int waitsAt, string exit, string terms) =>
        $$"""
        name: {{name}}
        image: {{image}}
        shell: sh
        run: |
          step=0
          if [ -n "${ORCHESTRATOR_RESUME_FROM:-}" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); fi
          waits={{(name == Sweep ? "WAITS" : waitsAt)}}
          if [ "$ORCHESTRATOR_IS_RESUME" -eq 1 ]; then waits=0; fi
          while [ $step -lt {{steps}} ]; do
            if [ $step -gt 0 ] && [ $step -eq $waits ]; then sleep 0.5; continue; fi
            step=$((step + 1))
            sleep 0.2
            echo "{\"step\": $step, \"loss\": {{(name == Sweep ? "LOSS" : "0.5")}}}" >>$ORCHESTRATOR_PROGRESS_FILE
            if [ $((step % 10)) -eq 0 ]; then
              mkdir -p $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
            fi
          done
          exit {{exit}}
        resources: {gpu: RTX 4090, cpu: 1, memory: 64MB, disk: 20GB}
        checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
        progress: {format: jsonl, metrics: [loss], total: {{steps}}}
        providers: [{{string.Join(", ", clouds)}}]
        {{terms}}

        """;
}
