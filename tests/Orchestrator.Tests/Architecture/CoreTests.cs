using System.Reflection;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Architecture;

public sealed class CoreTests
{
    [Fact]
    public void Core_references_nothing_but_the_base_class_library()
    {
        var foreign = typeof(Kernel).Assembly.GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(n => !n.StartsWith("System.", StringComparison.Ordinal) && n is not "System" and not "netstandard" and not "mscorlib");

        Assert.Empty(foreign);
    }

    /// <summary>The analyzer bans them while compiling; this holds even where somebody suppresses it.</summary>
    [Fact]
    public void Core_uses_neither_tasks_nor_files_nor_the_network()
    {
        string[] banned = ["System.Net", "System.IO.FileSystem", "System.Threading.Tasks", "System.Diagnostics.Process", "System.Console", "System.Security.Cryptography"];
        var used = typeof(Kernel).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => banned.Any(b => n.StartsWith(b, StringComparison.Ordinal)));

        Assert.Empty(used);
    }

    /// <summary>The kernel has no memory beside its state: nothing static that can change.</summary>
    [Fact]
    public void Core_has_no_static_field_that_can_change()
    {
        var changeable =
            from type in typeof(Kernel).Assembly.GetTypes()
            where type.Namespace?.StartsWith("Orchestrator", StringComparison.Ordinal) == true && !IsGenerated(type)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsLiteral && !field.IsInitOnly && !IsGenerated(field)
            select $"{type.Name}.{field.Name}";

        Assert.Empty(changeable);
    }

    private static bool IsGenerated(MemberInfo member) =>
        member.GetCustomAttributesData().Any(a => a.AttributeType.Name is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute")
        || member.Name.Contains('<', StringComparison.Ordinal)
        || (member.DeclaringType is { } outer && IsGenerated(outer));
}
