using System.Collections.Immutable;
using Orchestrator.Engine.Configuration;

namespace Orchestrator.Engine.Templates;

/// <summary>
/// Where templates lie: each is a folder with a <c>template.yaml</c> and what that brings along. One in the data folder's
/// <c>templates</c> stands in for a shipped one of the same name.
/// </summary>
public sealed class TemplateFolders(string? own, string? shipped)
{
    /// <summary>The file that makes a folder a template.</summary>
    public const string FileName = "template.yaml";

    // A template is a spec with a head; what is much larger is some other file of that name.
    private const int MostBytes = Specs.YamlTree.MaxBytes;

    /// <summary>Only what came with the product.</summary>
    public static TemplateFolders Shipped { get; } = new(null, ShippedFolder);

    private static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "job-templates");

    /// <summary>Those of the installation that keeps its data in a folder.</summary>
    public static TemplateFolders Of(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(data.Templates, ShippedFolder);
    }

    /// <summary>All templates by name, unread.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    public ImmutableArray<TemplateFile> List() =>
    [
        .. Listed(own, isOwn: true).Concat(Listed(shipped, isOwn: false)).DistinctBy(file => file.Name).OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>The text of a template's file.</summary>
    /// <exception cref="IOException">It cannot be read, or is larger than a spec may be.</exception>
    public static string Read(TemplateFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new FileInfo(file.Path).Length <= MostBytes ? File.ReadAllText(file.Path) : throw new IOException($"{file.Path} is larger than 256 KB");
    }

    private static IEnumerable<TemplateFile> Listed(string? folder, bool isOwn) => !Directory.Exists(folder) ? [] :
        Directory.EnumerateDirectories(folder).Select(path => new TemplateFile(Path.GetFileName(path), Path.Combine(path, FileName), isOwn)).Where(file => File.Exists(file.Path));
}
