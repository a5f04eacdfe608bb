using Orchestrator.Emulators;
using Orchestrator.Emulators.Lambda;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>At Lambda: a machine with Docker, in which the job gets a container of its own.</summary>
[Collection(RentedCollection.Name)]
public sealed class LambdaJobTests(CephServer server, TestDocker docker) : RentedJobTest(server, docker)
{
    private readonly TestDocker _docker = docker;
    private LambdaEmulator? _lambda;
    private DockerMachines? _machines;
    private string _card = "gpu: none, ";

    protected override string Provider => "lambda";

    protected override (string Variable, string Value) Key => ("LAMBDA_API_KEY", "rented-key-4711");

    protected override string Card => _card;

    protected override IReadOnlyList<string> OnOffer => ["us-west-1", "us-east-1"];

    protected override IReadOnlyList<string> Rented => _lambda!.Rented;

    protected override double Bill => _lambda!.Bill;

    [CephFact(OnMachines = true, AtPort22 = true)]
    public Task A_job_whose_machine_is_taken_away_goes_on_elsewhere_and_leaves_nothing_behind() => GoesOnElsewhereAndLeavesNothingAsync();

    /// <summary>As seven of eight H100 machines were: nvidia-smi finds nothing wrong.</summary>
    [CephFact(OnMachines = true, AtPort22 = true)]
    public async Task A_machine_whose_card_no_program_can_use_is_given_up_before_any_data_moves()
    {
        Assert.True(StubDriver.Lacks is null, StubDriver.Lacks);
        _card = "gpu: A10, ";
        _lambda!.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.DeadCuda);

        var job = await SubmitAsync();
        var first = await UntilGivenUpAsync(job, "check-failed", "the GPUs are listed and do not work: cuInit answers CUDA error 802");
        Assert.Null(first["trainingFrom"]);

        await IsDoneElsewhereAsync(job, first);
    }

    protected override async Task<IEmulatedApi> OpenAsync()
    {
        Assert.True(CephFactAttribute.IsPort22Free, CephFactAttribute.WhyPort22);
        await MachineImage.ImportAsync(_docker, Path.Combine(Site.Work, "machine"));
        _machines = new DockerMachines(Provider, _docker.Host["unix://".Length..], MachineImage.Name);
        var second = TimeSpan.FromSeconds(1);
        _lambda = new LambdaEmulator(TimeProvider.System, _machines) { Key = Key.Value, Switches = new LambdaSwitches { Booting = second, Terminating = second, RateLimits = true } };
        _lambda.Add(new LambdaTypeEntry { Name = "cpu_4x_general", Description = "4x CPU", Gpus = 0, Cents = 20, Stock = new Dictionary<string, int> { ["us-west-1"] = 1, ["us-east-1"] = 1 } });
        _lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 1, ["us-east-1"] = 1 } });
        return _lambda;
    }

    protected override async Task CloseAsync()
    {
        if (_machines is not null)
        {
            await _machines.DisposeAsync();
        }
    }

    protected override void Lose(string instance) => _lambda!.Preempt(instance);

    protected override string ContainerOf(string instance) => "orchestrator-" + instance;

    protected override Task<string[]> LeftAsync() => _machines!.LeftAsync();

    protected override string? TroubleOf(string instance) => _machines!.Trouble(instance);
}
