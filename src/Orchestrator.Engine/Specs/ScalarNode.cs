namespace Orchestrator.Engine.Specs;

/// <summary>A scalar, as written.</summary>
internal sealed record ScalarNode(string Value, bool Plain, int Line, int Column) : SpecNode(Line, Column)
{
    /// <summary>Whether YAML would call it null; matters only where a value is required.</summary>
    public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether it carries a <c>${{ ... }}</c> expression, which is resolved when the matrix is expanded.</summary>
    public bool HasExpression => Value.Contains("${{", StringComparison.Ordinal);
}
