using Orchestrator.Jobs;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.Tests.Server;

public sealed class RentingNotesTests
{
    private const string Rents = "accounts:\n  vast:\n";
    private const string Near = "stores:\n  lab: {kind: s3, bucket: lab, endpoint: \"http://127.0.0.1:9000\", allow-http: yes, default: yes}\n";

    [Theory]
    [InlineData(Rents, "runpod/secure", "providers: there is no account of runpod in orchestrator.yaml, so nothing is rented there")]
    [InlineData("", "vast", "providers: there is no account of vast in orchestrator.yaml")]
    [InlineData(Rents + Near, null, "store lab answers at 127.0.0.1, which every rented host takes for itself")]
    [InlineData(Rents, null, "store folder is a folder of this server")]
    public void What_keeps_a_job_from_hosts_is_said_when_it_is_handed_in(string yaml, string? provider, string note) =>
        Assert.Contains(RentingNotes.Of(ServerConfigurationReader.Read(yaml, "x.yaml"), Spec(provider)), one => one.StartsWith(note, StringComparison.Ordinal));

    [Theory]
    [InlineData(Near, null)]
    [InlineData("", "local")]
    [InlineData(Rents + Near, "ssh/box")]
    [InlineData(Rents + "stores:\n  lab: {kind: s3, bucket: lab, default: yes}\n", "vast")]
    public void Nothing_is_said_where_nothing_is_rented_or_all_is_well(string yaml, string? provider) =>
        Assert.Empty(RentingNotes.Of(ServerConfigurationReader.Read(yaml, "x.yaml"), Spec(provider)));

    private static JobSpec Spec(string? provider) => new() { Name = "j", Providers = provider is null ? [] : [new ProviderChoice { Name = provider }] };
}
