using System.Text.Json.Nodes;
using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class StoredSpecTests
{
    private static readonly StoredSpec _stored = new() { Spec = SpecCase.Spec(SpecCase.With("outputs: [{from: /out, to: lab/x}]\n")) };

    [Fact]
    public void A_spec_from_before_there_was_a_choice_of_stores_is_read()
    {
        var json = JsonNode.Parse(_stored.ToJson())!.AsObject();
        foreach (var name in (string[])["store", "origins", "versions", "deliveries", "as"])
        {
            json.Remove(name);
        }

        var old = StoredSpec.Parse(json.ToJsonString());

        Assert.Null(old.Store);
        Assert.Empty(old.Origins);
        Assert.Empty(old.Versions);
        Assert.Empty(old.Deliveries);
        Assert.Null(old.As);
    }

    [Fact]
    public void What_was_settled_at_submit_comes_back()
    {
        var settled = _stored with
        {
            Store = "lab/team-a/",
            Origins = _stored.Origins.Add("from/0/", "s3://acme/corpus/"),
            Versions = _stored.Versions.Add("from/0/a \u00fc", "\"5d41\""),
            Deliveries = _stored.Deliveries.Add(0, "lab/x/"),
            As = new("lora.yaml", "/home/ann/jobs", "Europe/Berlin", ["budget.max-total=5"]) { IsRun = true },
        };

        var back = StoredSpec.Parse(settled.ToJson());

        Assert.Equal("lab/team-a/", back.Store);
        Assert.Equal(settled.Origins, back.Origins);
        Assert.Equal(settled.Versions, back.Versions);
        Assert.Equal(settled.Deliveries, back.Deliveries);
        Assert.Equal(("lora.yaml", "/home/ann/jobs", "Europe/Berlin", "budget.max-total=5", true), (back.As!.FileName, back.As.Folder, back.As.Zone, Assert.Single(back.As.Sets), back.As.IsRun));
    }
}
