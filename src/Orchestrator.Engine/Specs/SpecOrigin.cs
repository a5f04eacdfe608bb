namespace Orchestrator.Engine.Specs;

/// <summary>Where a value of the expanded spec comes from, strongest first.</summary>
public enum SpecOrigin
{
    /// <summary>The command line's --set.</summary>
    Set,

    /// <summary>The job's file.</summary>
    Job,

    /// <summary>A job template.</summary>
    Template,

    /// <summary>The server's defaults.</summary>
    ServerDefault,

    /// <summary>Nobody said anything.</summary>
    BuiltIn,
}
