using System.CommandLine;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Templates;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>template</c>: what specs can start from, on this machine.</summary>
internal static class TemplateVerb
{
    internal static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The template's name", HelpName = "NAME" };
        var group = new Command("template", "List and show the job templates that specs can start from");
        group.Subcommands.Add(Verb.Create("list", "List the templates, shipped ones and those in the data folder", terminal, (context, _) => Task.FromResult(List(context))));
        group.Subcommands.Add(Verb.Create("show", "Show what a template asks for and what it brings", terminal, (context, _) => Task.FromResult(Show(context, context.Parsed.GetRequiredValue(name))), name));
        return group;
    }

    private static int List(CliContext context)
    {
        var found = Reading(() => TemplateFolders.Of(context.Folder).List().Select(file => (File: file, Read(file).Template)).ToList());
        if (context.Json)
        {
            context.PrintJson(found.Select(one => new { name = one.File.Name, description = one.Template?.Description, own = one.File.IsOwn, path = one.File.Path, valid = one.Template is not null }));
            return ExitCodes.Done;
        }

        var table = new TextTable(new("TEMPLATE", 8), new("FROM", 4), new("WHAT IT IS", 20));
        foreach (var (file, template) in found)
        {
            table.Add([file.Name, file.IsOwn ? "own" : "shipped", template?.Description ?? $"has errors; see: orchestrator template show {file.Name}"]);
        }

        context.Print(found.Count == 0 ? [$"no templates; own ones are folders with a {TemplateFolders.FileName} in {context.Folder.Templates}"] : table.Lines(context.Terminal.Width, context.Terminal.Paint));
        return ExitCodes.Done;
    }

    private static int Show(CliContext context, string name)
    {
        var all = Reading(() => TemplateFolders.Of(context.Folder).List());
        var file = all.FirstOrDefault(file => file.Name == name) ?? throw new CliException(ExitCodes.Usage, $"there is no template \"{name}\"",
            Nearest.Of(name, all.Select(other => other.Name)) is { } near ? $"did you mean {near}?" : "see: orchestrator template list");
        var (text, template, problems) = Reading(() => Read(file));
        if (template is null)
        {
            context.Terminal.Error.Write(problems);
            return ExitCodes.Usage;
        }

        if (context.Json)
        {
            context.PrintJson(new
            {
                name, description = template.Description, own = file.IsOwn, path = file.Path, text,
                vars = template.Inputs.Select(input => new { name = input.Name, type = input.Type, @default = input.Default, required = input.Required, options = input.Options, description = input.Description }),
            });
            return ExitCodes.Done;
        }

        var table = new TextTable(new("VAR", 4), new("TYPE", 4), new("DEFAULT", 7), new("WHAT IT IS", 20));
        foreach (var input in template.Inputs)
        {
            table.Add([input.Name, input.Options.IsEmpty ? input.Type : string.Join("|", input.Options), input.Required ? "required" : input.Default is { Length: > 0 } initial ? initial : "empty", input.Description]);
        }

        var required = template.Inputs.Where(input => input.Required).Select(input => $"{input.Name}: ...").ToList();
        context.Print(
        [
            $"{name}: {template.Description}", $"{file.Path}; what it takes and where it ends is in the README.md beside it", "",
            .. template.Inputs.IsEmpty ? ["it asks for nothing"] : table.Lines(context.Terminal.Width, context.Terminal.Paint),
            "", "a spec that uses it:", $"  template: {name}", .. required.Count == 0 ? Array.Empty<string>() : [$"  vars: {{{string.Join(", ", required)}}}"],
            "  budget: {max-total: $10}", "", .. text.TrimEnd().Split('\n'),
        ]);
        return ExitCodes.Done;
    }

    private static (string Text, JobTemplate? Template, string Problems) Read(TemplateFile file)
    {
        var text = TemplateFolders.Read(file);
        var (template, problems) = TemplateReader.Head(text, file.Path);
        return (text, template, string.Concat(problems.Select(problem => ProblemPrinter.Line(file.Path, problem) + "\n")));
    }

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"the templates cannot be read: {error.Message}", "make the folder readable, or take the file out of it");
        }
    }
}
