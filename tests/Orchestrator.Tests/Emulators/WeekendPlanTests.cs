using Orchestrator.Drills.Weekend;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Control;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Emulators.Vast;
using Orchestrator.Engine;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Emulators;

/// <summary>What <c>scripts/weekend</c> asks of the product is understood there: a drill that cannot start proves nothing.</summary>
public sealed class WeekendPlanTests
{
    [Fact]
    public void The_product_knows_its_tuning() => Assert.Equal(TimeSpan.FromSeconds(60), EngineTuning.Apply(new EngineOptions { ServerId = "a", Connection = "b" }, WeekendTuning.Text).Lease);

    [Theory]
    [InlineData("vast")]
    [InlineData("runpod")]
    [InlineData("vast,runpod")]
    [InlineData("vast,runpod,lambda")]
    public void Its_specs_are_read_and_its_trouble_is_known(string clouds)
    {
        var options = new WeekendOptions { Jobs = 24, Clouds = clouds.Split(',') };
        var plan = WeekendPlan.Of(options);

        var vanishing = WeekendPlan.LeftAlone(options);
        WeekendJob[] jobs = [.. plan.Jobs, .. vanishing];
        Assert.All(jobs, job => Assert.Empty(SpecCase.Errors(SpecCase.Read(Spec(job, options)))));
        Assert.Equal(options.Clouds.Except(["lambda"]), vanishing.Select(job => job.Provider));
        Assert.All(vanishing, job => Assert.Equal(TimeSpan.FromMinutes(1), SpecCase.Spec(SpecCase.Read(Spec(job, options))).Reliability.HostLease));
        Assert.Equal(options.Clouds.Order(), plan.Trouble.Select(one => one.Cloud).Distinct().Order());
        Assert.All(plan.Trouble, one => Assert.Contains(one.Name, Controls(one.Cloud).OfCall.Keys));
        Assert.All(options.Clouds, cloud => Assert.Equal(2, plan.Outages.Count(outage => outage.Cloud == cloud)));
        Assert.All(plan.Outages, outage => Assert.Subset(Controls(outage.Cloud).OfAccount.Keys.ToHashSet(), new HashSet<string> { outage.Begins, outage.Ends }));
        Assert.All(plan.Jobs.SelectMany(job => job.Befalls), loss => Assert.Contains(loss.Value, Controls(loss.Key).OfInstance.Keys));
    }

    [Theory]
    [InlineData("lambda", null)]
    [InlineData("lambda,lambda", null)]
    [InlineData("azure", null)]
    [InlineData("runpod", "trust-destroy")]
    public void What_cannot_work_is_refused(string clouds, string? sabotage)
    {
        using var words = new StringWriter();

        Assert.Null(WeekendOptions.Parse(["--clouds", clouds, .. sabotage is null ? (string[])[] : ["--sabotage", sabotage]], words));

        Assert.NotEqual("weekend: run it as scripts/weekend", words.ToString().Trim());
    }

    private static string Spec(WeekendJob job, WeekendOptions options) =>
        job.Spec("registry.example/rented:12", options.Clouds).Replace("DEADLINE", "2026-11-20T14:00:00Z", StringComparison.Ordinal);

    private static CloudControls Controls(string cloud) => cloud switch
    {
        "vast" => Clouds.Of(new VastEmulator(TimeProvider.System, new NoBackend())),
        "runpod" => Clouds.Of(new RunPodEmulator(TimeProvider.System, new NoBackend())),
        _ => Clouds.Of(new LambdaEmulator(TimeProvider.System)),
    };
}
