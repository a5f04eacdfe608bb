using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Architecture;

public sealed class EventTests
{
    private static readonly Type[] _families =
    [
        typeof(JobEvent), typeof(InboxItem), typeof(Effect), typeof(AgentEvent), typeof(AgentCommand), typeof(AgentMessage), typeof(ServerMessage),
    ];

    public static TheoryData<Type> Families() => new(_families);

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_kind_is_registered_once_for_json(Type family)
    {
        var registered = family.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToArray();

        Assert.Equal(KindsOf(family).Order(), registered.Select(r => r.DerivedType.Name).Order());
        Assert.Equal(registered.Length, registered.Select(r => r.TypeDiscriminator).Distinct().Count());
    }

    [Fact]
    public void Every_event_kind_carries_its_version() =>
        Assert.All(typeof(JobEvent).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false), r => Assert.Matches("^[a-z-]+\\.[0-9]+$", (string)r.TypeDiscriminator!));

    [Fact]
    public void Apply_knows_every_event()
    {
        foreach (var type in typeof(JobEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(JobEvent))))
        {
            var blank = (JobEvent)RuntimeHelpers.GetUninitializedObject(type);
            var state = new JobState { Seq = blank is JobSubmitted ? 0 : 1 };
            var error = Record.Exception(() => Kernel.Apply(state, blank));

            // A blank event may well not follow; what must not happen is that no rule is there for it.
            Assert.False(error?.Message.StartsWith("no rule", StringComparison.Ordinal) == true, type.Name);
        }
    }

    [Fact]
    public void Apply_throws_for_an_event_it_does_not_know()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Kernel.Apply(new JobState { Seq = 1 }, new Stranger { At = default, Why = "" }));

        Assert.StartsWith("no rule", error.Message, StringComparison.Ordinal);
    }

    private sealed record Stranger : JobEvent;

    private static IEnumerable<string> KindsOf(Type family) => family.Assembly.GetTypes().Where(t => t.IsSubclassOf(family)).Select(t => t.Name);
}
