using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Templates;

/// <summary>Reads a template's file: <c>description</c> and <c>vars</c> are its head, the rest are a spec's fields.</summary>
public static partial class TemplateReader
{
    private static readonly string[] InputKeys = ["type", "default", "description", "required", "options"];

    /// <summary>The head alone, for those who list templates. Null comes with a problem.</summary>
    public static (JobTemplate? Template, ImmutableArray<Problem> Problems) Head(string text, string path)
    {
        var problems = new SpecProblems(text);
        var template = Read(text, path, Path.GetDirectoryName(path) ?? "", new ScalarNode("", true, 1, 1), problems);
        return (problems.Any ? null : template, problems.Sorted());
    }

    /// <summary>Null comes with a problem; every problem is placed in the template's file.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="path">Its path, shown in front of problems.</param>
    /// <param name="folder">Where <c>./</c> starts from.</param>
    /// <param name="named">Where the job names the template.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static JobTemplate? Read(string text, string path, string folder, SpecNode named, SpecProblems problems)
    {
        var own = new SpecProblems(text);
        var root = YamlTree.Read(text.TrimStart('\uFEFF'), own);
        foreach (var problem in own.Sorted())
        {
            problems.Error(named with { Source = FormattableString.Invariant($"{path}:{problem.Line}:{problem.Column}") }, "template", problem.What, problem.WhatToDo);
        }

        if (root is null || own.Any)
        {
            return null;
        }

        if (Marked(root, path, folder, named) is not MapNode map)
        {
            problems.Error(Marked(root, path, folder, named), "template", $"a {SpecScope.Kind(root)} where a mapping belongs", "write description, vars and the fields of a spec");
            return null;
        }

        var before = problems.Errors;
        var description = "";
        var inputs = ImmutableArray.CreateBuilder<TemplateInput>();
        var defaults = ImmutableDictionary.CreateBuilder<string, ScalarNode>();
        var body = new List<KeyValuePair<ScalarNode, SpecNode>>();
        foreach (var (key, value) in map.Entries)
        {
            switch (key.Value)
            {
                case "description":
                    description = Scalar(value, "description", problems)?.Value.Trim() ?? "";
                    break;
                case "vars":
                    Inputs(value, inputs, defaults, problems);
                    break;
                case "template":
                    problems.Error(key, "template", "a template cannot stand on another one", "write its fields out");
                    break;
                default:
                    body.Add(new(key, value));
                    break;
            }
        }

        return problems.Errors > before ? null : new() { Description = description, Inputs = inputs.ToImmutable(), Defaults = defaults.ToImmutable(), Body = map with { Entries = body } };
    }

    private static void Inputs(SpecNode node, ImmutableArray<TemplateInput>.Builder inputs, ImmutableDictionary<string, ScalarNode>.Builder defaults, SpecProblems problems)
    {
        if (node is not MapNode map)
        {
            problems.Error(node, "vars", $"vars: a {SpecScope.Kind(node)} where a mapping belongs", "write {steps: {type: int, default: 1000, description: Steps.}}");
            return;
        }

        foreach (var (key, value) in map.Entries)
        {
            if (!InputName().IsMatch(key.Value))
            {
                problems.Error(key, "vars", $"vars: \"{key.Value}\" is not a name", "begin with a letter; use letters, digits, - and _");
            }
            else if (value is not MapNode fields)
            {
                problems.Error(value, "vars." + key.Value, $"vars.{key.Value}: a {SpecScope.Kind(value)} where a mapping belongs", "write {type: int, default: 1000, description: Steps.}");
            }
            else
            {
                Input(key, fields, inputs, defaults, problems);
            }
        }
    }

    private static void Input(
        ScalarNode name, MapNode fields, ImmutableArray<TemplateInput>.Builder inputs, ImmutableDictionary<string, ScalarNode>.Builder defaults, SpecProblems problems)
    {
        var at = "vars." + name.Value;
        foreach (var (key, _) in fields.Entries.Where(entry => !InputKeys.Contains(entry.Key.Value)))
        {
            problems.Error(key, at, $"{at}: unknown key \"{key.Value}\"", Nearest.Of(key.Value, InputKeys) is { } near ? $"did you mean {near}?" : "known are " + string.Join(", ", InputKeys));
        }

        var type = Scalar(Child(fields, "type"), at + ".type", problems);
        if (type is not null && !TemplateInputTypes.Names.Contains(type.Value))
        {
            problems.Error(type, at + ".type", $"{at}.type: \"{type.Value}\" is no type", "write one of " + string.Join(", ", TemplateInputTypes.Names));
        }

        var initial = Scalar(Child(fields, "default"), at + ".default", problems);
        var required = Scalar(Child(fields, "required"), at + ".required", problems);
        if (required is { Value: not ("true" or "false") })
        {
            problems.Error(required, at + ".required", $"{at}.required: \"{required.Value}\" is not true or false", "write true or false");
        }
        else if (required is { Value: "true" } && initial is not null)
        {
            problems.Error(required, at + ".required", $"{at} is required and has a default", "keep one of them");
        }

        var input = new TemplateInput
        {
            Name = name.Value,
            Type = type?.Value ?? "string",
            Default = initial?.Value,
            Required = required is { Value: "true" } || (required is null && initial is null),
            Description = Scalar(Child(fields, "description"), at + ".description", problems)?.Value.Trim() ?? "",
            Options = [.. (Child(fields, "options") as ListNode)?.Items.OfType<ScalarNode>().Select(option => option.Value) ?? []],
        };
        if (input.Type == "choice" && input.Options.IsEmpty)
        {
            problems.Error(fields, at, $"{at} is a choice without options", "add options: [a, b]");
        }
        else if (initial is not null && TemplateInputTypes.Wrong(input, initial.Value) is { } expected)
        {
            problems.Error(initial, at + ".default", $"{at}.default: \"{initial.Value}\" is not {expected}", "write " + expected);
        }

        inputs.Add(input);
        if (initial is not null)
        {
            defaults[input.Name] = initial;
        }
    }

    private static SpecNode? Child(MapNode map, string key) => map.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;

    private static ScalarNode? Scalar(SpecNode? node, string at, SpecProblems problems)
    {
        if (node is null or ScalarNode)
        {
            return (ScalarNode?)node;
        }

        problems.Error(node, at, $"{at}: a {SpecScope.Kind(node)} where a single value belongs", "write one value");
        return null;
    }

    /// <summary>Each node with its place in the template in words, and its place in the job's file where the template is named.</summary>
    private static SpecNode Marked(SpecNode node, string path, string folder, SpecNode named)
    {
        var marked = node switch
        {
            ListNode list => list with { Items = [.. list.Items.Select(item => Marked(item, path, folder, named))] },
            MapNode map => map with { Entries = [.. map.Entries.Select(entry => KeyValuePair.Create((ScalarNode)Marked(entry.Key, path, folder, named), Marked(entry.Value, path, folder, named)))] },
            _ => node,
        };
        return marked with
        {
            Line = named.Line, Column = named.Column, Origin = SpecOrigin.Template,
            // A path that a var gives is the job's.
            Folder = node is ScalarNode scalar && scalar.Value.StartsWith("${{", StringComparison.Ordinal) ? null : folder,
            Source = FormattableString.Invariant($"{path}:{node.Line}:{node.Column}"),
        };
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex InputName();
}
