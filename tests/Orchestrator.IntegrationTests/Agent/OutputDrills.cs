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

    /// <summary>A finished training was lost for it, and paid for again, twice.</summary>
    [Fact]
    public async Task One_name_that_no_store_takes_costs_a_word_and_not_the_success()
    {
        Grant Answer(GrantWanted wanted) =>
            wanted.Key.EndsWith("/odd", StringComparison.Ordinal) ? new Grant { Key = wanted.Key, Refused = "not this name", Final = true } : Store.Answer(wanted);

        using var channel = new AgentChannel(Instance, request => Task.FromResult(new GrantAnswer(request.Id, [.. request.Wanted.Select(Answer)])));
        var order = Instance.Order("cd \"$ORCHESTRATOR_OUTPUT_DIR\"; echo 1 > r.txt; echo 1 > odd; d=$(printf '%0200d' 0); mkdir -p $d/$d/$d/$d/$d; echo 1 > $d/$d/$d/$d/$d/long") with
        {
            Checkpoints = null,
            Outputs = [new OutputOrder("/out", "outputs/out/", Always: false, Every: null)],
        };
        channel.Command("1", new StartTrainer { Order = order });
        await channel.WaitForAsync<TrainerEnded>();
        channel.Command("2", new DrainTrainer(TimeSpan.Zero));

        var drained = await channel.WaitForAsync<DrainDone>();

        Assert.True(drained.OutputsStored, drained.Words);
        Assert.Contains("odd is not stored: ", drained.Words, StringComparison.Ordinal);
        Assert.Contains("is not stored: its path is too long for a store", drained.Words, StringComparison.Ordinal);
        Assert.Equal([order.AttemptPrefix + "outputs/out/r.txt"], Store.Objects.Keys);
    }

    [Fact]
    public async Task A_server_that_grants_nothing_at_all_loses_it()
    {
        using var channel = new AgentChannel(
            Instance, request => Task.FromResult(new GrantAnswer(request.Id, [.. request.Wanted.Select(one => new Grant { Key = one.Key, Refused = "not you", Final = true })])));
        var order = Instance.Order("echo 1 > \"$ORCHESTRATOR_OUTPUT_DIR/r.txt\"") with
        {
            Checkpoints = null,
            Outputs = [new OutputOrder("/out", "outputs/out/", Always: false, Every: null)],
        };
        channel.Command("1", new StartTrainer { Order = order });
        await channel.WaitForAsync<TrainerEnded>();
        channel.Command("2", new DrainTrainer(TimeSpan.Zero));

        Assert.False((await channel.WaitForAsync<DrainDone>()).OutputsStored);
    }
}
