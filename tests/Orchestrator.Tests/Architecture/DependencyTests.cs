using System.Xml.Linq;
using Xunit;

namespace Orchestrator.Tests.Architecture;

/// <summary>Dependencies point one way. Read from the project files, since a compiler leaves unused references out of assemblies.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal)
    {
        ["Orchestrator.Core"] = [],
        ["Orchestrator.Simulation"] = ["Orchestrator.Core"],
        ["Orchestrator.Agent"] = ["Orchestrator.Core"],
        ["Orchestrator.Providers"] = ["Orchestrator.Core"],
        ["Orchestrator.Engine"] = ["Orchestrator.Core", "Orchestrator.Providers"],
        ["Orchestrator.Server"] = ["Orchestrator.Core", "Orchestrator.Providers", "Orchestrator.Engine", "Orchestrator.Simulation"],
    };

    public static TheoryData<string> Projects()
    {
        var projects = new TheoryData<string>();
        foreach (var file in Directory.GetFiles(Source(), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            projects.Add(Path.GetRelativePath(Source(), file));
        }

        return projects;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(_allowed.ContainsKey(name), $"{name} is new: say here what it may reference");

        // A reference that is only for building (the agent's file beside the server) lends no types.
        var references = XDocument.Load(Path.Combine(Source(), project)).Descendants("ProjectReference")
            .Where(r => !string.Equals((string?)r.Attribute("ReferenceOutputAssembly"), "false", StringComparison.OrdinalIgnoreCase))
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));

        Assert.Empty(references.Except(_allowed[name]));
    }

    [Fact]
    public void All_six_projects_are_looked_at() => Assert.True(Projects().Count >= 6);

    internal static string Source()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("the tests do not lie below the repository"), "src");
    }
}
