namespace Orchestrator.Drills.Weekend;

/// <summary>One job of the batch: what it asks for, what is done to it, and how it must end.</summary>
public sealed record WeekendJob
{
    public required string Name { get; init; }

    /// <summary>For the table.</summary>
    public required string Policy { get; init; }

    /// <summary>Lines of its spec that the policy is.</summary>
    public required string Terms { get; init; }

    /// <summary>The state it must end in.</summary>
    public string Ends { get; init; } = "succeeded";

    public bool HasCheckpoints { get; init; } = true;

    /// <summary>Where it may rent; null = at all clouds.</summary>
    public string? Provider { get; init; }

    /// <summary>Exit code of its trainer.</summary>
    public int ExitsWith { get; init; }

    /// <summary>A person cancels it once it trains, or right away where it never can.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>What befalls its first instance that has stored a checkpoint, by cloud; empty = nothing.</summary>
    public IReadOnlyDictionary<string, string> Befalls { get; init; } = new Dictionary<string, string>();

    /// <summary>An instance that is to be lost waits for it: it must not be done before.</summary>
    public string Spec(string image, IEnumerable<string> clouds) =>
        $$"""
        name: {{Name}}
        image: {{image}}
        shell: sh
        run: |
          step=0
          if [ -n "${ORCHESTRATOR_RESUME_FROM:-}" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); fi
          began=$step
          echo "begins at step $step"
          while [ $step -lt 30 ]; do
            if [ $step -eq 20 ] && [ {{(Befalls.Count > 0 || (IsCancelled && HasCheckpoints) ? "$began" : "1")}} -eq 0 ]; then sleep 0.5; continue; fi
            step=$((step + 1))
            sleep 0.2
            if [ $((step % 10)) -eq 0 ] && [ {{(HasCheckpoints ? 1 : 0)}} -eq 1 ]; then
              mkdir -p $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
            fi
          done
          exit {{ExitsWith}}
        resources: {gpu: {{(Provider == "lambda" ? "none" : "RTX 4090")}}, cpu: 1, memory: 64MB, disk: 20GB}
        {{(Provider == "lambda" ? "" : "estimate: 10m on RTX 4090")}}
        {{(HasCheckpoints ? "checkpoints: {path: /ckpt, format: files, complete: {rename: true} }" : "checkpoints: none")}}
        progress: none
        providers: [{{Provider ?? string.Join(", ", clouds)}}]
        {{Terms}}
        """;
}
