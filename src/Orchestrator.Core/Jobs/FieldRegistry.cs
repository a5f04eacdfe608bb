using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>Every field of the spec, once. Unknown-key hints, "not available yet" notes, JSON schema and reference page come from here.</summary>
public static class FieldRegistry
{
    /// <summary>Fields of issues up to this one work.</summary>
    public const int LandedIssue = 1;

    /// <summary>In the order of the reference page.</summary>
    public static ImmutableArray<FieldInfo> All { get; } = [.. FieldsOfWork.Fields, .. FieldsOfConduct.Fields];

    private static readonly ImmutableDictionary<string, FieldInfo> ByPath =
        All.ToImmutableDictionary(field => field.Path, StringComparer.Ordinal);

    private static readonly ILookup<string, FieldInfo> ByParent =
        All.Where(field => !field.Path.EndsWith("[]", StringComparison.Ordinal)).ToLookup(field => ParentOf(field.Path), StringComparer.Ordinal);

    /// <summary>The field at a registry path, or null.</summary>
    public static FieldInfo? Find(string path) => ByPath.GetValueOrDefault(path);

    /// <summary>The keys allowed in the mapping at a registry path; the root is the empty path.</summary>
    public static IEnumerable<FieldInfo> ChildrenOf(string path) => ByParent[path];

    private static string ParentOf(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot < 0 ? "" : path[..dot];
    }
}
