using System.Text.RegularExpressions;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class ExampleTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(SpecCase.ExamplesFolder, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_expands_as_recorded(string name)
    {
        var result = SpecReader.Read(File.ReadAllText(Path.Combine(SpecCase.ExamplesFolder, name)), name, SpecCase.Options);
        // The code of a template lies where this repository does.
        var actual = Regex.Replace(ProblemPrinter.Print(result) + "---\n" + ExpandedSpecPrinter.Print(result), "^code: /.*/job-templates/(.*?) +#", "code: .../$1  #", RegexOptions.Multiline);

        Assert.False(result.HasErrors, actual);
        var golden = Path.Combine(SpecCase.RepositoryRoot, "tests/Orchestrator.Tests/Specs/Golden", Path.ChangeExtension(name, ".txt"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, actual);
        }

        Assert.Equal(File.ReadAllText(golden), actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_expanded_example_survives_its_json(string name)
    {
        var spec = SpecCase.Spec(SpecReader.Read(File.ReadAllText(Path.Combine(SpecCase.ExamplesFolder, name)), name, SpecCase.Options));
        var json = new StoredSpec { Spec = spec }.ToJson();
        var back = StoredSpec.Parse(json).Spec;

        Assert.Equal(json, new StoredSpec { Spec = back }.ToJson());
        Assert.Equal(spec.Name, back.Name);
        Assert.Equal(spec.Resources.Gpu.Length, back.Resources.Gpu.Length);
        Assert.Equal(spec.Budget.MaxTotal, back.Budget.MaxTotal);
        Assert.Equal(spec.Deadline, back.Deadline);
    }

    [Theory]
    [InlineData("quickstart.yaml")]
    [InlineData("pytorch.yaml")]
    public void A_job_template_can_be_run_by_this_version(string name)
    {
        var result = SpecReader.Read(File.ReadAllText(Path.Combine(SpecCase.RepositoryRoot, "job-templates", name)), name, SpecCase.Options);

        Assert.False(result.HasErrors, ProblemPrinter.Print(result));
        Assert.Empty(result.Unavailable);
    }

    [Fact]
    public void All_five_examples_are_there() => Assert.Equal(5, Names.Count);

    [Fact]
    public void The_reference_page_is_the_generated_one()
    {
        var file = Path.Combine(SpecCase.RepositoryRoot, "job-templates/REFERENCE.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, SpecReference.Markdown());
        }

        Assert.Equal(SpecReference.Markdown(), File.ReadAllText(file));
    }
}
