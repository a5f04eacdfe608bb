using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Submitting;

public sealed class KeptPinsTests
{
    private const string Yaml = "image: ghcr.io/acme/t:1\ncode: ./src\nrun: python train.py\nresources: {gpu: none}\ncheckpoints: none\nbudget: {max-total: $1}\ndata: {/data: s3://acme/corpus/}\n";
    private static readonly StorePlace _home = new("folder", "");
    private static readonly JobSpec _spec = SpecCase.Spec(SpecCase.Read(Yaml));
    private static readonly StoredSpec _former = new() { Spec = _spec, Image = new("ghcr.io/acme/t:1", "ghcr.io/acme/t@sha256:1", null), Store = "folder", Sources = [Source("/workspace"), Source("/data")] };

    [Fact]
    public void What_nobody_changed_stays_as_it_was_pinned()
    {
        var again = SpecCase.Spec(SpecCase.Read(Yaml + "env: {A: b}\n"));
        var kept = new KeptPins(_former, ["env.A"]);

        Assert.Same(_former.Image, kept.Image(again));
        Assert.Equal("/workspace", Assert.Single(kept.Code(again, _home)!.Value).To);
        Assert.Equal("/data", Assert.Single(kept.Data(again, _home)!.Value).To);
    }

    /// <summary>The bug was fixed in the same folder: naming it again is what says so.</summary>
    [Fact]
    public void Code_that_is_set_is_read_anew_also_from_the_same_place_and_the_data_stays()
    {
        var kept = new KeptPins(_former, ["code"]);

        Assert.Null(kept.Code(_spec, _home));
        Assert.NotNull(kept.Data(_spec, _home));
    }

    [Fact]
    public void What_the_spec_says_otherwise_now_is_read_anew()
    {
        var again = _spec with { Image = "ghcr.io/acme/t:2", Data = [.. _spec.Data.Select(one => one with { From = "s3://acme/other/" })] };
        var kept = new KeptPins(_former, ["vars.version"]);

        Assert.Null(kept.Image(again));
        Assert.Null(kept.Data(again, _home));
        Assert.NotNull(kept.Code(again, _home));
    }

    [Fact]
    public void Another_store_has_none_of_the_files()
    {
        var kept = new KeptPins(_former, ["checkpoints.to"]);

        Assert.Null(kept.Code(_spec, new("lab", "")));
        Assert.Null(kept.Data(_spec, new("lab", "")));
        Assert.Same(_former.Image, kept.Image(_spec));
    }

    private static StageSource Source(string to) => new() { To = to, Files = [] };
}
