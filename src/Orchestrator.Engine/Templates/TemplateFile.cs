namespace Orchestrator.Engine.Templates;

/// <summary>A template as it lies on the disk, unread.</summary>
/// <param name="Name">What a spec's <c>template</c> names it by: its folder's name.</param>
/// <param name="Path">Absolute path of its <c>template.yaml</c>.</param>
/// <param name="IsOwn">From the data folder, rather than shipped with the product.</param>
public sealed record TemplateFile(string Name, string Path, bool IsOwn)
{
    /// <summary>Where <c>./</c> in the template starts from.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;
}
