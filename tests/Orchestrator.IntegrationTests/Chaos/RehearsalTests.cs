using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>Rehearsals on the machine's own local host: a real server, real agents and trainers, one of them killed on purpose.</summary>
[Collection(ChaosCollection.Name)]
public sealed class RehearsalTests(TestServer server)
{
    /// <summary>Twenty steps a second, a checkpoint every 40; its loss depends on the step alone.</summary>
    private const string Trainer =
        """
        import json, os, sys, time
        reads, steps = sys.argv[1] == "reads", int(sys.argv[2])
        folder, step = os.environ["ORCHESTRATOR_CHECKPOINT_DIR"], 0
        if reads and os.environ.get("ORCHESTRATOR_IS_RESUME") == "1":
            step = int(open(os.environ["ORCHESTRATOR_RESUME_FROM"] + "/state").read())
        progress = open(os.environ["ORCHESTRATOR_PROGRESS_FILE"], "a")
        while step < steps:
            time.sleep(0.05)
            step += 1
            progress.write(json.dumps({"step": step, "total": steps, "loss": 1 / (1 + step / 500)}) + "\n")
            progress.flush()
            if step % 40 == 0:
                os.mkdir(folder + "/.new")
                open(folder + "/.new/state", "w").write(str(step))
                os.rename(folder + "/.new", folder + "/step-%06d" % step)
        """;

    [Fact]
    public async Task A_job_that_resumes_is_weekend_ready_and_the_next_plan_knows_what_was_measured()
    {
        var spec = await WriteAsync("ready", "reads", 4000);
        Assert.Contains("not rehearsed", (await server.Orc("plan", spec)).Output, StringComparison.Ordinal);

        var said = await server.Orc("rehearse", spec, "--max", "$0.20");

        Assert.True(said.ExitCode == 0, said.ToString());
        var job = JobOf(said.Output);
        Assert.Contains("killed on purpose at step ", said.Output, StringComparison.Ordinal);
        Assert.Contains("the same machine", said.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("loss curve continues", said.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Matches("✓ weekend-ready   spent \\$0\\.00   estimate stored: 4,000 steps = [2-5]m", said.Output);
        await server.NothingLeftAsync(job);

        // To its own job it was a loss like any other, and its end gave everything back.
        var ended = await server.Api.JobAsync(job);
        Assert.Equal("rehearsal-of-ready", ended["name"]!.GetValue<string>());
        Assert.Equal(("cancelled", 0), (ended["state"]!.GetValue<string>(), ended["instancesLeft"]!.GetValue<int>()));
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        // A look may fall between the end of its processes and that of its folder.
        Assert.Contains(ended["attempts"]![0]!["endReason"]!.GetValue<string>(), (string[])["instance-gone", "instance-stopped"]);
        Assert.True(ended["attempts"]![1]!["resumedFromStep"]!.GetValue<long>() >= 80, ended.ToString());

        var plan = JsonNode.Parse((await server.Orc("plan", spec, "--json")).Output)!;
        Assert.StartsWith($"rehearsal r-{job}, ", plan["work"]!["source"]!.GetValue<string>(), StringComparison.Ordinal);
        // Twenty steps a second over some four seconds, told twice a second.
        Assert.InRange(plan["work"]!["seconds"]!.GetValue<double>(), 4000 * 0.04, 4000 * 0.08);
        Assert.True(plan["rehearsal"]!["weekendReady"]!.GetValue<bool>());
        Assert.Contains("weekend-ready (rehearsed ", (await server.Orc("validate", spec)).Output, StringComparison.Ordinal);
        var changed = await server.Orc("plan", spec, "--set", "env.SEED=2");
        Assert.Contains("but since changed: env", changed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_that_does_not_read_its_checkpoint_is_found_out()
    {
        var said = await server.Orc("rehearse", await WriteAsync("forgets", "ignores", 4000), "--max", "0.20", "--json");

        Assert.True(said.ExitCode == 1, said.ToString());
        var rehearsal = JsonNode.Parse(said.Output)!;
        Assert.Equal(("started-anew", true), (rehearsal["outcome"]!.GetValue<string>(), rehearsal["ended"]!.GetValue<bool>()));
        Assert.Contains("ORCHESTRATOR_RESUME_FROM", rehearsal["whatToDo"]!.GetValue<string>(), StringComparison.Ordinal);
        await server.NothingLeftAsync(rehearsal["job"]!["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_job_that_is_done_before_its_second_checkpoint_is_too_short()
    {
        var said = await server.Orc("rehearse", await WriteAsync("short", "reads", 60));

        Assert.True(said.ExitCode == 1, said.ToString());
        Assert.Contains("too short to rehearse: it succeeded", said.Output, StringComparison.Ordinal);
        await server.NothingLeftAsync(JobOf(said.Output));
    }

    [Fact]
    public async Task A_trainer_that_fails_shows_its_last_lines()
    {
        var said = await server.Orc("rehearse", await WriteAsync("fails", "reads", 4000, "echo I am broken; exit 3"));

        Assert.True(said.ExitCode == 1, said.ToString());
        Assert.Contains("│ I am broken", said.Output, StringComparison.Ordinal);
        Assert.Contains("the trainer failed", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Ctrl_C_stops_it_and_waits_until_nothing_is_left()
    {
        // Never saves: it cannot end by itself before the signal is there.
        using var process = server.StartOrc("rehearse", await WriteAsync("stopped", "reads", 4000, "exec sleep 3600"));
        var first = await process.StandardOutput.ReadLineAsync();
        var job = JobOf(first!);
        await server.ProcessAsync(job, "run");

        await SignalAsync(process, "INT");
        // A shell that began the tests in the background may have it ignored.
        await process.WaitForExitAsync().WaitAsync(TestServer.Patience);

        Assert.Equal(130, process.ExitCode);
        var ended = await server.Api.JobAsync(job);
        Assert.Equal(("cancelled", 0), (ended["state"]!.GetValue<string>(), ended["instancesLeft"]!.GetValue<int>()));
    }

    [Fact]
    public async Task One_whose_terminal_is_gone_ends_all_the_same()
    {
        using var process = server.StartOrc("rehearse", await WriteAsync("closed", "reads", 4000));
        var job = JobOf((await process.StandardOutput.ReadLineAsync())!);
        await SignalAsync(process, "KILL");

        await server.UntilAsync(job, "cancelled");

        await server.NothingLeftAsync(job);
        await Wait.UntilAsync(
            async () => (await server.Orc("plan", Path.Combine(server.Site.Work, "closed", "closed.yaml"))).Output.Contains($"weekend-ready (rehearsed", StringComparison.Ordinal),
            "the stamp",
            TestServer.Patience);
    }

    [Fact]
    public async Task What_saves_nothing_is_not_rehearsed()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Site.Work, "none")).FullName;
        var spec = Path.Combine(folder, "none.yaml");
        await File.WriteAllTextAsync(spec, "name: none\nrun: sleep 60\nresources: {gpu: none, cpu: 1, memory: 64MB}\ncheckpoints: none\n");

        var said = await server.Orc("rehearse", spec);

        Assert.True(said.ExitCode == 2, said.ToString());
        Assert.Contains("there is nothing to rehearse", said.Errors, StringComparison.Ordinal);
    }

    private static long JobOf(string output) => long.Parse(output.Split("rehearsal r-")[1].Split(':')[0], CultureInfo.InvariantCulture);

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private async Task<string> WriteAsync(string name, string mode, int steps, string? run = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Site.Work, name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "code"));
        await File.WriteAllTextAsync(Path.Combine(folder, "code", "learn.py"), Trainer);
        var spec = Path.Combine(folder, name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{name}}
            code: ./code
            run: {{run ?? string.Create(CultureInfo.InvariantCulture, $"python3 learn.py {mode} {steps}")}}
            resources: {gpu: none, cpu: 1, memory: 64MB}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true } }
            progress: jsonl

            """);
        return spec;
    }
}
