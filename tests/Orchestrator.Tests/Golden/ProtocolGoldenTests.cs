using System.Text.Json;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Golden;

/// <summary>Lines as release 0.1 (protocol 1.0) wrote them: a run outlives an upgrade, so both sides go on reading the other's.</summary>
public sealed class ProtocolGoldenTests
{
    [Fact]
    public void A_hello_of_1_0_is_understood()
    {
        const string line = """{"type":"hello","major":1,"minor":0,"agentVersion":"0.1.0","label":"orc-a-b-1","bootId":"c","lastSeq":7,"logLength":9}""";

        var hello = Assert.IsType<Hello>(JsonSerializer.Deserialize(line, CoreJson.Default.AgentMessage));

        Assert.Equal((1, 0, 7L, 9L, null), (hello.Major, hello.Minor, hello.LastSeq, hello.LogLength, hello.TrustHash));
    }

    [Fact]
    public void A_welcome_of_1_0_is_understood()
    {
        const string line = """{"type":"welcome","major":1,"minor":0,"channelEpoch":3,"since":7,"logOffset":9}""";

        var welcome = Assert.IsType<Welcome>(JsonSerializer.Deserialize(line, CoreJson.Default.ServerMessage));

        Assert.Equal(new Welcome(1, 0, 3, 7, 9), welcome);
    }

    [Fact]
    public void What_1_1_wrote_is_understood()
    {
        const string hello = """{"type":"hello","major":1,"minor":1,"agentVersion":"0.2.0","label":"orc-a-b-1","bootId":"c","lastSeq":7,"logLength":9,"trustHash":"d"}""";
        const string ended = """{"type":"event","event":{"event":"trainer-ended","exitCode":143,"inSetup":false,"outOfMemory":false,"notStarted":false,"timedOut":false,"tail":"x","seq":4,"at":"2026-11-20T12:00:00+00:00"}}""";
        const string request = """{"type":"grant-request","id":3,"wanted":[{"kind":"Put","key":"k","size":5,"part":0,"hash":"h"}]}""";

        Assert.Equal("d", Assert.IsType<Hello>(JsonSerializer.Deserialize(hello, CoreJson.Default.AgentMessage)).TrustHash);
        var end = Assert.IsType<TrainerEnded>(Assert.IsType<EventMessage>(JsonSerializer.Deserialize(ended, CoreJson.Default.AgentMessage)).Event);
        Assert.Equal((143, false), (end.ExitCode, end.HostLeaves));
        Assert.Equal(new GrantWanted(GrantKind.Put, "k", 5, Hash: "h"), Assert.Single(Assert.IsType<GrantRequest>(JsonSerializer.Deserialize(request, CoreJson.Default.AgentMessage)).Wanted));
    }

    [Fact]
    public void What_1_2_writes_stays_as_it_is()
    {
        const string line = """{"type":"grant-request","id":3,"wanted":[{"kind":"PutAhead","key":"k","size":0,"part":0}]}""";

        var request = JsonSerializer.Deserialize(line, CoreJson.Default.AgentMessage)!;

        Assert.Equal(GrantKind.PutAhead, Assert.Single(Assert.IsType<GrantRequest>(request).Wanted).Kind);
        Assert.Equal(line, JsonSerializer.Serialize(request, CoreJson.Default.AgentMessage));
    }

    [Fact]
    public void What_1_4_says_of_metrics_is_text_where_json_has_no_number_and_the_others_stay_numbers()
    {
        const string line = """{"type":"heartbeat","lastSeq":0,"trainer":"NotStarted","metrics":{"lr":0.5},"notFinite":{"loss":{"value":"NaN","step":812}}}""";

        var beat = Assert.IsType<Heartbeat>(JsonSerializer.Deserialize(line, CoreJson.Default.AgentMessage));

        Assert.Equal((OddValue.NaN, 812L), (beat.NotFinite!["loss"].Value, beat.NotFinite["loss"].Step));
        Assert.Equal(line, JsonSerializer.Serialize<AgentMessage>(beat, CoreJson.Default.AgentMessage));
    }

    [Fact]
    public void What_1_1_added_is_left_out_where_there_is_nothing_to_say() =>
        Assert.Equal(
            """{"type":"welcome","major":1,"minor":4,"channelEpoch":3,"since":7,"logOffset":9}""",
            JsonSerializer.Serialize(new Welcome(ProtocolVersion.Major, ProtocolVersion.Minor, 3, 7, 9), CoreJson.Default.ServerMessage));
}
