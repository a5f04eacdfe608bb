using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Templates;

/// <summary>Puts a spec's layers over each other, the template it names among them, and fills in its vars.</summary>
internal static class TemplateLayer
{
    /// <summary>--set over the job over the template over the server's defaults, with every <c>${{ vars.x }}</c> filled; not whole without the template it names.</summary>
    public static (MapNode Tree, FormerTemplate? Template, bool IsWhole) Merged(MapNode defaults, MapNode file, MapNode sets, SpecReadOptions options, SpecProblems problems)
    {
        var asked = Layered(defaults, file, sets);
        var (template, read) = Named(asked, options, problems);
        var isWhole = template is not null || Child(asked, "template") is null;
        var layered = template is null ? asked : Layered((MapNode)SpecMerge.Over(defaults, Fitting(template.Body, asked), ""), file, sets);
        foreach (var (key, value) in template is null ? [] : asked.Entries.Where(entry => entry.Value is ListNode && Child(template.Body, entry.Key.Value) is MapNode))
        {
            problems.Error(value, key.Value, $"{key.Value}: a list would take the place of all that the template gives there", "write it as a mapping: the template's other entries stay");
        }

        layered = options.Cell?.Fill(layered, problems) ?? layered;
        var merged = template is null ? layered : WithVars(layered, template, problems);

        // Before they are filled in: afterwards nobody can tell what was an expression.
        ExpressionCheck.Check(merged, problems, isWhole);
        return ((MapNode)ExpressionFiller.Fill(merged, Values(merged, problems), problems, NotGiven(merged, template)), read, isWhole);
    }

    private static MapNode Layered(MapNode below, MapNode file, MapNode sets) =>
        (MapNode)SpecMerge.OverFile(SpecMerge.Over(below, file, "") with { Line = file.Line, Column = file.Column, Origin = file.Origin, Source = file.Source }, sets);

    private static (JobTemplate? Template, FormerTemplate? Read) Named(MapNode asked, SpecReadOptions options, SpecProblems problems)
    {
        // Anything but a name is for the reader of the field to report.
        if (Child(asked, "template") is not ScalarNode { HasExpression: false } named || !Specs.Values.TrySlug(named.Value, out _))
        {
            return default;
        }

        if (options.Former is { } former && former.Name == named.Value)
        {
            return (TemplateReader.Read(former.Text, former.Path, Path.GetDirectoryName(former.Path) ?? "", named, problems), former);
        }

        try
        {
            var all = options.Templates.List();
            if (all.FirstOrDefault(file => file.Name == named.Value) is { } file)
            {
                var read = new FormerTemplate(file.Name, file.Path, TemplateFolders.Read(file));
                return (TemplateReader.Read(read.Text, file.Path, file.Folder, named, problems), read);
            }

            var near = Nearest.Of(named.Value, all.Select(file => file.Name));
            problems.Error(named, "template", $"there is no template \"{named.Value}\"", near is null ? "see: orchestrator template list" : $"did you mean {near}?");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Error(named, "template", $"the template cannot be read: {error.Message}", "make its folder readable for the server");
        }

        return default;
    }

    /// <summary>A job with a command of its own does not run the template's script as well, nor the other way round.</summary>
    private static MapNode Fitting(MapNode body, MapNode asked) => body with
    {
        Entries = [.. body.Entries.Where(entry => entry.Key.Value switch
        {
            "run" => Child(asked, "command") is null,
            "command" => Child(asked, "run") is null,
            _ => true,
        })],
    };

    /// <summary>The job's vars, checked against what the template asks for, with its defaults beside them.</summary>
    private static MapNode WithVars(MapNode merged, JobTemplate template, SpecProblems problems)
    {
        var written = Child(merged, "vars");
        if (written is not (null or MapNode))
        {
            return merged;
        }

        var given = (written as MapNode)?.Entries ?? [];
        var entries = new List<KeyValuePair<ScalarNode, SpecNode>>();
        foreach (var (key, value) in given)
        {
            if (template.Inputs.FirstOrDefault(input => Same(input.Name, key.Value)) is not { } input)
            {
                var names = template.Inputs.Select(input => input.Name).ToList();
                problems.Error(key with { Source = value.Source }, "vars." + key.Value, $"the template has no var \"{key.Value}\"",
                    Nearest.Of(key.Value, names) is { } near ? $"did you mean {near}?" : names.Count == 0 ? "it takes none" : "it takes " + string.Join(", ", names));
                continue;
            }

            if (IsEmpty(input, value))
            {
                continue;
            }

            if (value is ScalarNode { HasExpression: false } scalar && TemplateInputTypes.Wrong(input, scalar.Value) is { } expected)
            {
                problems.Error(value, "vars." + input.Name, $"vars.{input.Name}: \"{scalar.Value}\" is not {expected}", "write " + expected);
            }

            entries.Add(new(key with { Value = input.Name }, value));
        }

        var named = (ScalarNode)Child(merged, "template")!;
        foreach (var input in template.Inputs.Where(input => !given.Any(entry => Same(input.Name, entry.Key.Value) && !IsEmpty(input, entry.Value))))
        {
            if (input.Required)
            {
                problems.Error(written ?? named, "vars." + input.Name, $"vars.{input.Name} is missing{(input.Description.Length == 0 ? "" : $" ({input.Description.TrimEnd('.')})")}",
                    $"add vars: {{{input.Name}: ...}}");
            }

            // One that need not be given and has no default is empty, as in GitHub Actions.
            var value = template.Defaults.GetValueOrDefault(input.Name) ?? named with { Value = "", Plain = false, Origin = SpecOrigin.Template };
            entries.Add(new(new ScalarNode(input.Name, true, value.Line, value.Column) { Origin = SpecOrigin.Template, Source = value.Source }, value));
        }

        var vars = new MapNode(entries, (written ?? named).Line, (written ?? named).Column) { Origin = (written ?? named).Origin, Source = (written ?? named).Source };
        var rest = merged.Entries.Where(entry => entry.Key.Value != "vars");
        return entries.Count == 0 ? merged with { Entries = [.. rest] }
            : merged with { Entries = [.. rest, new(new ScalarNode("vars", true, vars.Line, vars.Column) { Origin = vars.Origin, Source = vars.Source }, vars)] };
    }

    /// <summary>No number, no duration and no amount is an empty text: nothing was given.</summary>
    private static bool IsEmpty(TemplateInput input, SpecNode value) =>
        value is ScalarNode { Value: "" } && TemplateInputTypes.Wrong(input, "") is not null;

    /// <summary>Vars that need not be given, were not, and are no texts: a field that would be nothing but one of them is left out.</summary>
    private static HashSet<string> NotGiven(MapNode merged, JobTemplate? template) =>
    [
        .. (template?.Inputs ?? []).Where(input => (Child(merged, "vars") as MapNode)?.Entries.Any(entry => Same(entry.Key.Value, input.Name) && IsEmpty(input, entry.Value)) == true)
            .Select(input => "vars." + input.Name),
    ];

    private static Dictionary<string, string> Values(MapNode merged, SpecProblems problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in (Child(merged, "vars") as MapNode)?.Entries ?? [])
        {
            if (value is not ScalarNode scalar)
            {
                continue;
            }

            if (scalar.HasExpression && scalar.Value.Contains("vars.", StringComparison.Ordinal))
            {
                problems.Error(scalar, "vars." + key.Value, $"vars.{key.Value}: one var cannot be made of another", "write its value out");
            }

            values[$"vars.{key.Value}"] = scalar.Value;
        }

        return values;
    }

    private static bool Same(string a, string b) => a.Replace('_', '-') == b.Replace('_', '-');

    private static SpecNode? Child(MapNode map, string key) => map.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;
}
