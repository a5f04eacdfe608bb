using System.Text;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>Outputs that are stored while the trainer runs.</summary>
public sealed class OutputDrills : AgentDrill
{
    [Fact]
    public async Task A_file_that_one_pass_could_not_store_goes_with_the_next()
    {
        var refused = false;
        Grant Answer(GrantWanted wanted)
        {
            if (!wanted.Key.Contains("/at-000001/", StringComparison.Ordinal))
            {
                return Store.Answer(wanted);
            }

            refused = true;
            return new Grant { Key = wanted.Key, Refused = "not this time", Final = true };
        }

        using var channel = new AgentChannel(Instance, request => Task.FromResult(new GrantAnswer(request.Id, [.. request.Wanted.Select(Answer)])));
        var order = Instance.Order("echo result > \"$ORCHESTRATOR_OUTPUT_DIR/r.txt\"; echo up; sleep 600") with
        {
            Checkpoints = null,
            Outputs = [new OutputOrder("/out", "outputs/out/", Always: false, Every: TimeSpan.FromSeconds(1))],
        };
        channel.Command("1", new StartTrainer { Order = order });

        await channel.UntilAsync(() => Store.Objects.Keys.Any(key => key.EndsWith("/r.txt", StringComparison.Ordinal)), "the file in a later pass");

        Assert.True(refused);
        Assert.Equal("result\n", Encoding.UTF8.GetString(Store.Objects[order.AttemptPrefix + "outputs/out/at-000002/r.txt"]));
    }
}
