using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Orchestrator.Agent;
using Orchestrator.Planning;
using Xunit;

namespace Orchestrator.Tests.Architecture;

/// <summary>Planning is for the server and the simulator: the agent links Core and must not carry it to every host.</summary>
public sealed class PlanningTests
{
    [Fact]
    public void The_agent_names_nothing_of_planning()
    {
        using var file = new PEReader(File.OpenRead(typeof(AgentHost).Assembly.Location));
        var reader = file.GetMetadataReader();
        var namespaces = reader.TypeReferences.Select(handle => reader.GetString(reader.GetTypeReference(handle).Namespace)).ToList();

        Assert.Contains("Orchestrator.Protocol", namespaces);
        Assert.DoesNotContain(namespaces, name => name.StartsWith("Orchestrator.Planning", StringComparison.Ordinal));
    }

    /// <summary>What is kept and sent refers to no plan either, so nothing of it is reachable by way of JSON.</summary>
    [Fact]
    public void No_record_outside_of_planning_holds_one_of_its_types()
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var holders =
            from type in typeof(Plan).Assembly.GetTypes()
            where !IsPlanning(type)
            from field in type.GetFields(all)
            where IsPlanning(field.FieldType) || field.FieldType.GetGenericArguments().Any(IsPlanning)
            select $"{type.Name}.{field.Name}";

        Assert.Empty(holders);
    }

    private static bool IsPlanning(Type type) => type.Namespace?.StartsWith("Orchestrator.Planning", StringComparison.Ordinal) == true;
}
