using System.Text;
using System.Text.Json;
using Orchestrator.Agent;
using Orchestrator.Agent.Attaching;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Attaching;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Lines_come_whole_however_the_bytes_come()
    {
        var text = string.Join("\n", Enumerable.Range(0, 200).Select(i => new string('a', i * 37))) + "\n";
        using var stream = new Dripping(Encoding.UTF8.GetBytes(text));
        var reader = new LineReader(stream);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(i * 37, (await reader.ReadAsync(default))!.Value.Length);
        }

        Assert.Null(await reader.ReadAsync(default));
    }

    [Fact]
    public async Task A_line_without_end_is_refused()
    {
        using var stream = new MemoryStream(new byte[ProtocolVersion.MaxOrderLine + 100_000]);
        await Assert.ThrowsAsync<ProtocolException>(async () => await new LineReader(stream).ReadAsync(default));
    }

    [Fact]
    public void The_agent_writes_and_reads_what_the_server_does()
    {
        AgentMessage beat = new Heartbeat { LastSeq = 3, Trainer = TrainerStatus.Running, Step = 5 };
        Assert.Equal(JsonSerializer.Serialize(beat, CoreJson.Default.AgentMessage), JsonSerializer.Serialize(beat, AgentJson.Default.AgentMessage));
        ServerMessage start = new CommandMessage("k", new StartTrainer { Order = new TrainerOrder { JobId = "j", JobName = "n", Attempt = 1, AttemptPrefix = "p/", Command = ["x"] } });
        var wire = JsonSerializer.Serialize(start, CoreJson.Default.ServerMessage);
        Assert.Equal(wire, JsonSerializer.Serialize(JsonSerializer.Deserialize(wire, AgentJson.Default.ServerMessage), AgentJson.Default.ServerMessage));
    }

    [Fact]
    public void What_a_message_leaves_out_gets_its_default()
    {
        var wire = """{"type":"command","key":"k","command":{"command":"start","order":{"jobId":"j","jobName":"n","attempt":1,"attemptPrefix":"p/","command":["x"]}}}""";
        var command = (CommandMessage)JsonSerializer.Deserialize(wire, AgentJson.Default.ServerMessage)!;
        var order = OrderDefaults.Fill(((StartTrainer)command.Command).Order!);
        Assert.Equal(("/out", "SIGTERM", 256L << 20), (order.OutputDir, order.DrainSignal, order.LogBytes));
        Assert.Empty(order.Sources);
        Assert.Empty(order.Secrets);
    }

    private sealed class Dripping(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1013)], cancellationToken);
    }
}
