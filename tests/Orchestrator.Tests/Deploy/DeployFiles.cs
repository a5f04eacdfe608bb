using Orchestrator.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Tests.Deploy;

/// <summary>What lies in <c>deploy/</c>.</summary>
internal static class DeployFiles
{
    internal static string PathOf(string name) => Path.Combine(DependencyTests.Source(), "..", "deploy", name);

    internal static string Text(string name) => File.ReadAllText(PathOf(name));

    internal static YamlMappingNode Yaml(string name)
    {
        var stream = new YamlStream();
        using var text = new StringReader(Text(name));
        stream.Load(text);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    internal static YamlMappingNode Map(this YamlNode node, string key) => (YamlMappingNode)node[key];

    internal static IEnumerable<string> Keys(this YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    internal static bool Has(this YamlNode node, string key) => node.Keys().Contains(key);

    internal static string[] List(this YamlNode node, string key) => node.Has(key) ? [.. ((YamlSequenceNode)node[key]).Select(item => item.ToString())] : [];
}
