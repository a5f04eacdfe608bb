namespace Orchestrator.Engine.Specs;

/// <summary>One value given outside the file: <c>budget.max-total</c> and <c>$3</c>. Lists and mappings are written in YAML's flow style.</summary>
public sealed record SpecSetting(string Path, string Value)
{
    /// <summary>Reads <c>path=value</c>; null when there is no equals sign or no path.</summary>
    public static SpecSetting? Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? null : new SpecSetting(text[..equals].Trim(), text[(equals + 1)..].Trim());
    }
}
