using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class EverySwitchIsTurned
{
    public static TheoryData<string, object, object> Settings => new()
    {
        { "Vast.ai", VastProviderConformance.Settings, VastProviderOtherwiseConformance.Settings },
        { "RunPod", RunPodProviderConformance.Settings, RunPodProviderOtherwiseConformance.Settings },
        { "Lambda", LambdaProviderConformance.Settings, LambdaProviderOtherwiseConformance.Settings },
    };

    /// <summary>Whoever adds a switch runs the provider's suite with both of its values.</summary>
    [Theory]
    [MemberData(nameof(Settings), DisableDiscoveryEnumeration = true)]
    public void The_second_run_of_a_suite_has_every_switch_the_other_way(string name, object one, object other)
    {
        ArgumentNullException.ThrowIfNull(one);
        var switches = one.GetType().GetProperties().Where(property => property.CanWrite).ToList();

        Assert.NotEmpty(switches);
        Assert.All(switches, property => Assert.False(Equals(property.GetValue(one), property.GetValue(other)), $"{name}: {property.Name} is the same in both"));
    }
}
