using Orchestrator.Jobs;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.Tests.Server;

public sealed class FolderStoreNoteTests
{
    private const string Rents = "accounts:\n  vast:\n";
    private const string Stores = "stores:\n  lab: {kind: s3, bucket: lab-data}\n  shared: {kind: folder, path: /srv/shared}\n";

    [Theory]
    [InlineData(Rents, null, "folder")]
    [InlineData(Rents + Stores, "shared/team", "shared")]
    [InlineData(Rents + Stores, "lab", null)]
    [InlineData(Rents + Stores, "s3://elsewhere/x", null)]
    [InlineData(Rents + "stores:\n  lab: {kind: s3, bucket: lab-data, default: yes}\n", null, null)]
    [InlineData("", null, null)]
    public void A_folder_is_named_where_something_is_rented(string yaml, string? to, string? named)
    {
        var spec = new JobSpec { Name = "j", Checkpoints = new CheckpointSpec { Path = "/ckpt", Include = ["*"], Complete = new CompletionRule { Kind = CompletionKind.Rename }, To = to } };

        var note = FolderStoreNote.IfRented(ServerConfigurationReader.Read(yaml, "x.yaml"), spec);

        Assert.Equal(named is not null, note is not null);
        if (named is not null)
        {
            Assert.StartsWith($"{(to is null ? "" : "checkpoints.to: ")}store {named} is a folder of this server, and rented hosts reach it through this server alone", note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Own_machines_are_not_rented_and_doctor_speaks_of_the_default()
    {
        var rents = ServerConfigurationReader.Read(Rents, "x.yaml");

        Assert.Null(FolderStoreNote.IfRented(rents, new JobSpec { Name = "j", Providers = [new ProviderChoice { Name = "local" }, new ProviderChoice { Name = "ssh/box" }] }));
        Assert.StartsWith("the default store folder is a folder of this server", FolderStoreNote.OfDefault(rents), StringComparison.Ordinal);
        Assert.Null(FolderStoreNote.OfDefault(ServerConfigurationReader.Read("", "x.yaml")));
    }
}
