using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

/// <summary>Which jobs count as the same work.</summary>
public sealed class WorkKeyTests
{
    private const string Spec = "name: a\nimage: ghcr.io/x/y:1\nrun: train --lr 1\nenv: {A: b}\ncheckpoints: none\nresources: {gpu: RTX 4090}\nbudget: {max-total: $3}\nprogress: {total: 100}\n";

    [Theory]
    [InlineData("name: a", "name: b")]
    [InlineData("RTX 4090", "RTX 3090")]
    [InlineData("max-total: $3", "max-total: $4")]
    [InlineData("y:1", "y:1@sha256:0f3c5d1e9a7b24866c1f0d3e5a9b7c2d4e6f8091a2b3c4d5e6f708192a3b4c5d")]
    [InlineData("checkpoints: none", "checkpoints: {path: /ckpt}")]
    public void Where_it_runs_and_what_is_behind_a_tag_make_no_difference(string from, string to) => Assert.Equal(Key(Spec), Key(Spec.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("y:1", "y:2")]
    [InlineData("--lr 1", "--lr 2")]
    [InlineData("A: b", "A: c")]
    [InlineData("total: 100", "total: 200")]
    [InlineData("progress:", "setup: pip install x\nprogress:")]
    public void What_the_trainer_does_does(string from, string to) => Assert.NotEqual(Key(Spec), Key(Spec.Replace(from, to, StringComparison.Ordinal)));

    private static string Key(string yaml) => WorkKey.Of(SpecCase.Spec(SpecReader.Read(yaml, "a.yaml", SpecCase.Options)));
}
