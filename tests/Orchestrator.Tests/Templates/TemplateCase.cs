using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Templates;
using Orchestrator.Jobs;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Templates;

/// <summary>Templates in folders of their own, and specs that name them.</summary>
internal sealed class TemplateCase : IDisposable
{
    public const string Digits = """
        description: Digits.
        vars:
          steps: {type: int, default: 100, description: Optimizer steps.}
          model: {description: A model on the hub.}
          budget: {type: money, default: $2}
          note: {required: false}
          mode: {type: choice, options: [fast, exact], default: fast}
        code: ./
        run: python train.py --steps "$STEPS"
        env: {STEPS: "${{ vars.steps }}", MODEL: "hub/${{ vars.model }}", NOTE: "${{ vars.note }}"}
        resources: {gpu: none, cpu: 1}
        checkpoints: {path: /ckpt, keep: 5}
        budget: {max-total: "${{ vars.budget }}"}
        max-runtime: 2h
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-templates-").FullName;

    public TemplateFolders Folders => new(Path.Combine(_root, "own"), Path.Combine(_root, "shipped"));

    public string Add(string name, string text, bool own = false)
    {
        var folder = Path.Combine(_root, own ? "own" : "shipped", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, TemplateFolders.FileName), text);
        return folder;
    }

    public SpecReadResult Read(string text, params string[] sets) =>
        SpecCase.Read(text, SpecCase.Options with { Templates = Folders, Sets = [.. sets.Select(set => SpecSetting.Parse(set)!)], ServerDefaults = [new("max-runtime", "9h"), new("prefer", "speed")] });

    /// <summary>The one line that is printed, without the folder the case made up.</summary>
    public string Problem(string text, params string[] sets)
    {
        var read = Read(text, sets);
        Assert.True(read.HasErrors);
        return Assert.Single(ProblemPrinter.Print(read).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Replace(_root + "/", "", StringComparison.Ordinal);
    }

    public JobSpec Spec(string text, params string[] sets) => SpecCase.Spec(Read(text, sets));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
