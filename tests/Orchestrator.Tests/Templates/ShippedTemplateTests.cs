using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Templates;
using Orchestrator.Server.Cli;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Templates;

public sealed class ShippedTemplateTests
{
    private static readonly string Folder = Path.Combine(SpecCase.RepositoryRoot, "job-templates");

    public static TheoryData<string> Names => [.. new TemplateFolders(null, Folder).List().Select(file => file.Name)];

    [Fact]
    public void These_are_shipped_and_lie_beside_the_program()
    {
        Assert.Equal(["hf-finetune", "pytorch", "sdxl-lora-kohya", "sweep", "torchrun", "whisper-finetune"], new TemplateFolders(null, Folder).List().Select(file => file.Name));
        Assert.Equal(new TemplateFolders(null, Folder).List().Select(file => file.Name), TemplateFolders.Shipped.List().Select(file => file.Name));
    }

    // With every required var given, and with what a rented host needs.
    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_template_reads_without_a_word_and_is_explained(string name)
    {
        var file = new TemplateFolders(null, Folder).List().Single(file => file.Name == name);
        var (template, problems) = TemplateReader.Head(TemplateFolders.Read(file), file.Path);
        Assert.True(template is not null, string.Join('\n', problems));
        Assert.All(template.Inputs, input => Assert.True(input.Description.Length > 10, input.Name));
        Assert.True(template.Description.Length is > 20 and < 100, template.Description);

        var vars = string.Join(", ", template.Inputs.Where(input => input.Required).Select(input => $"{input.Name}: x/y"));
        var read = SpecCase.Read($"template: {name}\nvars: {{{vars}}}\nbudget: {{max-total: $5}}\n");

        Assert.False(read.HasErrors, ProblemPrinter.Print(read));
        Assert.Equal(name == "sweep" && !Orchestrator.Jobs.FieldRegistry.Find("strategy")!.Landed ? ["strategy"] : [], read.Unavailable.Select(problem => problem.Path));
        Assert.NotNull(read.Spec!.Checkpoints);
        var readme = File.ReadAllText(Path.Combine(file.Folder, "README.md"));
        Assert.All(template.Inputs, input => Assert.Contains($"`{input.Name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_command_line_lists_them_and_shows_what_one_asks_for()
    {
        var listed = await RunAsync("template", "list");
        Assert.Contains("hf-finetune", listed.Out, StringComparison.Ordinal);

        var shown = await RunAsync("template", "show", "hf-finetune");
        Assert.Equal(0, shown.Code);
        Assert.Contains("a spec that uses it:\n  template: hf-finetune\n", shown.Out, StringComparison.Ordinal);

        var wrong = await RunAsync("template", "show", "hf-finetun");
        Assert.Equal((ExitCodes.Usage, true), (wrong.Code, wrong.Error.Contains("did you mean hf-finetune?", StringComparison.Ordinal)));
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(params string[] words)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync([.. words, "--data", "/nonexistent"], new Terminal(output, errors, TextReader.Null, false, false, 120));
        return (code, output.ToString(), errors.ToString());
    }
}
