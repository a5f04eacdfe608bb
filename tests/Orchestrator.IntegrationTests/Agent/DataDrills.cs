using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>Data as specs bring it.</summary>
public sealed class DataDrills : AgentDrill
{
    [Fact]
    public async Task Data_may_be_one_single_file()
    {
        using var channel = new AgentChannel(Instance, Store);
        Store.Objects["data/x"] = "hello"u8.ToArray();
        var order = Instance.Order("cat \"$ORCHESTRATOR_DATA_DIR\"") with
        {
            DataDir = "/models/weights.bin",
            Sources = [new StageSource { To = "/models/weights.bin", Files = [new StageFile("", "data/x", 5, "", 0b110_100_100)] }],
        };

        channel.Command("1", new StageFiles { Order = order });
        var staged = await channel.WaitForAsync<FilesStaged>();
        Assert.Equal((5, 5, null), (staged.Bytes, staged.Line!.Bytes, staged.Line.Mbps));
        channel.Command("2", new StartTrainer { Order = order });
        Assert.Equal(0, (await channel.WaitForAsync<TrainerEnded>()).ExitCode);
        await channel.UntilAsync(() => channel.Log.Contains("hello", StringComparison.Ordinal), "log");
    }
}
