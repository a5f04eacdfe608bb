using System.Collections.Immutable;
using Orchestrator.Engine.Templates;

namespace Orchestrator.Engine.Specs;

/// <summary>What reading a spec depends on besides its text.</summary>
public sealed record SpecReadOptions
{
    /// <summary>The present; calendar times are resolved against it.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>IANA zone of the submitter, for times written without one.</summary>
    public string SubmitterTimeZone { get; init; } = "UTC";

    /// <summary>Absolute folder that <c>./</c> paths start from, normally the spec's.</summary>
    public required string SpecFolder { get; init; }

    /// <summary>Read for one run of a series: whether later ones can be run as well was asked when the series was submitted.</summary>
    public bool IsRun { get; init; }

    /// <summary>Read for one job of a matrix: its values are filled in; null = the spec is read as it stands.</summary>
    public SpecCell? Cell { get; init; }

    /// <summary>--set of the command line; a later one wins.</summary>
    public ImmutableArray<SpecSetting> Sets { get; init; } = [];

    /// <summary>Where the template lies that a spec names.</summary>
    public TemplateFolders Templates { get; init; } = TemplateFolders.Shipped;

    /// <summary>Read in place of the template of its name; null = all are read as they are now.</summary>
    public FormerTemplate? Former { get; init; }

    /// <summary>The server's <c>defaults</c>.</summary>
    public ImmutableArray<SpecSetting> ServerDefaults { get; init; } = [];
}
