using System.Diagnostics;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A real <c>orchestrator serve</c> on a data folder and a PostgreSQL of its own, with real agents; and the command line to it.</summary>
public sealed class TestServer : IAsyncLifetime
{
    /// <summary>
    /// The product's times, shortened so that the suite stays short. What the lease has over the create call and its margin is for looking up
    /// what a launch needs: with less, a busy machine makes a first attempt that sent nothing.
    /// </summary>
    public const string Tuning =
        "lease=15,lease-margin=1,effect-timeout=4,create-timeout=4,settling=2,listing-age=1,observe=0.5,sweep=2,channel-lease=4,"
        + "silence=2,backoff=0.5,effect-retry=2,destroy-retry=2,offer-retry=1,boot=120,connect=120";

    /// <summary>For anything that should take seconds: other work may have all of the machine for a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(5);
    private readonly List<ServerProcess> _servers = [];
    private Site? _site;
    private ServerProcess? _server;

    public static Products Products { get; } =
        Products.Find() ?? throw new InvalidOperationException("the server and the agent are not built; run scripts/orchestrator version, or scripts/test");

    public Site Site => _site ?? throw new InvalidOperationException("not started");

    public ServerProcess Server => _server ?? throw new InvalidOperationException("not started");

    public Api Api => Server.Api;

    /// <summary>For servers to come.</summary>
    public Dictionary<string, string> Environment { get; } = new() { ["ORCHESTRATOR_TUNING"] = Tuning };

    public Task InitializeAsync() => StartAsync(new Site("chaos"));

    /// <param name="site">A folder that a test has prepared; it is disposed with this.</param>
    public async Task StartAsync(Site site)
    {
        _site = site;
        await RestartAsync();
    }

    /// <summary>A server that answers: the running one, or a new one after a test has killed it.</summary>
    public async Task<ServerProcess> RestartAsync(bool beside = false)
    {
        if (!beside && _server is { HasExited: false } old)
        {
            await old.KillAsync();
        }

        var server = ServerProcess.Start(Products, Site, Environment, beside);
        _servers.Add(server);
        await server.UntilHealthyAsync();
        _server = server;
        return server;
    }

    /// <summary>The command line as a person types it.</summary>
    public async Task<CommandResult> Orc(params IEnumerable<string> arguments)
    {
        using var process = StartOrc(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>The same, still running.</summary>
    public Process StartOrc(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Site.Work };
        start.ArgumentList.Add(Products.Server);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ORCHESTRATOR_DATA"] = Site.Data;
        start.Environment["ORCHESTRATOR_AGENT"] = Products.Agent;
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public Task<long> SubmitAsync(TrainerPlan plan) => Api.SubmitAsync(plan.Write(Site, Products));

    /// <summary>Until the job is in one of the states.</summary>
    public async Task<JsonNode> UntilAsync(long job, params IReadOnlyCollection<string> states)
    {
        JsonNode? seen = null;
        try
        {
            await Wait.UntilAsync(async () => await TryJobAsync(job) is { } now && states.Contains((seen = now)["state"]!.GetValue<string>()), "the job's end", JobLimit, TimeSpan.FromMilliseconds(200));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"job {job} never was {string.Join(" or ", states)}: {seen}\n{Server.Tail()}");
        }

        return seen!;
    }

    /// <summary>It succeeds, its result is that of an uninterrupted run, and nothing of it is left.</summary>
    public async Task<JsonNode> SucceedsAsync(TrainerPlan plan, long job)
    {
        var ended = await UntilAsync(job, "succeeded", "failed", "cancelled", "paused");
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Equal(plan.Digest(), StoreLook.Digest(Site, plan.Name, job));
        Assert.All(StoreLook.Manifests(Site, plan.Name, job), path => Assert.Null(StoreLook.Read(Site, path)?.Fault));
        await NothingLeftAsync(job);
        return ended;
    }

    /// <summary>No process carries the job's label any more.</summary>
    public async Task NothingLeftAsync(long job) => await Wait.UntilAsync(
        () => !LiveProcess.All().Any(process => process.Option("--label") is { } label && label.Split('-') is ["orc", _, var number, _]
            && number == job.ToString(System.Globalization.CultureInfo.InvariantCulture) && process.Names(Site.Instances)),
        $"the end of all instances of job {job}",
        TimeSpan.FromSeconds(90));

    /// <summary>The one process of an instance of the job: the agent (run), its supervisor (supervise) or the trainer.</summary>
    public async Task<LiveProcess> ProcessAsync(long job, string what)
    {
        LiveProcess? found = null;
        await Wait.UntilAsync(
            () => (found = LiveProcess.All().FirstOrDefault(process => Is(process, job.ToString(System.Globalization.CultureInfo.InvariantCulture), what))) is not null,
            $"the {what} of job {job}",
            Patience);
        return found!;
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }

        _site?.Dispose();
        await Task.CompletedTask;
    }

    private async Task<JsonNode?> TryJobAsync(long job)
    {
        try
        {
            return await Api.JobAsync(job);
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private bool Is(LiveProcess process, string job, string what) => what == "trainer"
        ? Array.Exists(process.Arguments, argument => argument.EndsWith("trainer.py", StringComparison.Ordinal))
            && process.Arguments is [var program, ..] && program.Contains("python", StringComparison.Ordinal)
            && process.Environment.GetValueOrDefault("ORCHESTRATOR_JOB_ID") == job && process.Names(Site.Instances)
        : process.Arguments.Length > 1 && process.Arguments[1] == what && process.Option("--label")?.Split('-') is ["orc", _, var owner, _] && owner == job && process.Names(Site.Instances);
}
