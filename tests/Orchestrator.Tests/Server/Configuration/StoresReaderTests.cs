using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class StoresReaderTests
{
    [Fact]
    public void Everything_it_knows_is_read()
    {
        var stores = Read("""
            stores:
              lab:
                bucket: lab-checkpoints
                prefix: team-a
                endpoint: https://ceph.lab.example:8443
                region: lab
                profile: ceph
                checksums: when-required
                path-style: false
                credentials: {file: /etc/orchestrator/lab, profile: training}
                egress-price: $0.09/GB
                ca: /etc/orchestrator/lab.pem
                default: true
              nas: {kind: folder, path: /mnt/nas}
              cloud: {bucket: acme, credentials: {secret: acme-s3}}
            """);

        Assert.Equal(["lab", "nas", "cloud"], stores.Select(store => store.Name));
        var lab = stores[0];
        Assert.Equal(
            new S3Settings
            {
                Name = "lab",
                Bucket = "lab-checkpoints",
                Endpoint = new("https://ceph.lab.example:8443"),
                Region = "lab",
                Dialect = S3Dialect.Ceph with { Checksums = false, Chunked = false, PathStyle = false },
                Credentials = new S3CredentialSource.FromFile("/etc/orchestrator/lab", "training"),
                CaFile = "/etc/orchestrator/lab.pem",
            },
            lab.Bucket);
        Assert.Equal(("team-a/", Money.FromDollars(0.09m), true), (lab.Prefix, lab.EgressPerGb, lab.IsDefault));
        Assert.Equal("/mnt/nas", stores[1].Folder);
        Assert.Equal((S3Dialect.Aws, (S3CredentialSource)new S3CredentialSource.FromSecret("acme-s3")), (stores[2].Bucket!.Dialect, stores[2].Bucket!.Credentials));
    }

    [Theory]
    [InlineData("", "aws")]
    [InlineData("endpoint: https://s3.eu-west-3.amazonaws.com", "aws")]
    [InlineData("endpoint: https://0123.r2.cloudflarestorage.com", "r2")]
    [InlineData("endpoint: https://s3.eu-central-003.backblazeb2.com", "b2")]
    [InlineData("endpoint: https://store.example", "other")]
    [InlineData("endpoint: https://store.example, profile: ceph", "ceph")]
    public void How_to_speak_to_a_store_follows_from_where_it_is_unless_it_is_said(string lines, string profile)
    {
        Assert.Equal(S3Dialect.Named(profile), Read($"stores: {{a: {{bucket: abc{(lines.Length > 0 ? ", " + lines : "")}}}}}")[0].Bucket!.Dialect);
    }

    [Theory]
    [InlineData("{bucket: abc, endpoint: \"http://10.0.0.5:7480\"}", "everybody on the way reads")]
    [InlineData("{bucket: abc, endpoint: \"https://host/bucket\"}", "without a path")]
    [InlineData("{bucket: abc, endpoint: host}", "must be https://HOST")]
    [InlineData("{bucket: s3://abc}", "must be a bucket's name")]
    [InlineData("{prefix: x}", "needs bucket")]
    [InlineData("{kind: folder}", "needs path")]
    [InlineData("{kind: folder, path: rel}", "absolute path")]
    [InlineData("{kind: folder, path: /x, region: y}", "a folder has no region")]
    [InlineData("{kind: tape, bucket: abc}", "must be s3 or folder")]
    [InlineData("{bucket: abc, buckt: x}", "unknown key \"buckt\"")]
    [InlineData("{bucket: abc, credentials: {secret: a, profile: b}}", "keep one")]
    [InlineData("{bucket: abc, credentials: AKIA123}", "must be environment")]
    [InlineData("{bucket: abc, prefix: \"../up\"}", "is not allowed")]
    [InlineData("{bucket: abc, egress-price: lots}", "dollars per gigabyte")]
    [InlineData("{bucket: abc, default: maybe}", "yes or no")]
    [InlineData("{bucket: abc, profile: s4}", "aws, r2, b2, ceph or other")]
    public void What_is_wrong_is_said_with_its_place(string store, string words)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read($"stores:\n  lab: {store}\n"));

        Assert.StartsWith("orchestrator.yaml:2:", refused.Message, StringComparison.Ordinal);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stores: {folder: {bucket: abc}}", "every installation has")]
    [InlineData("stores: {Lab: {bucket: abc}}", "is no name")]
    [InlineData("stores: {a: {bucket: abc, default: true}, b: {bucket: abd, default: true}}", "two stores are default")]
    [InlineData("stores: [a]", "must be a map")]
    public void Names_are_checked(string yaml, string words) => Assert.Contains(words, Assert.Throws<ConfigurationException>(() => Read(yaml)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:7480", "")]
    [InlineData("http://localhost:7480", "")]
    [InlineData("http://[::1]:7480", "")]
    [InlineData("http://10.0.0.5:7480", ", allow-http: true")]
    public void Plain_http_is_for_this_machine_or_for_who_says_so(string endpoint, string rest) =>
        Assert.Equal(new Uri(endpoint), Read($"stores: {{a: {{bucket: abc, endpoint: \"{endpoint}\"{rest}}}}}")[0].Bucket!.Endpoint);

    private static System.Collections.Immutable.ImmutableArray<StoreEntry> Read(string yaml) => ServerConfigurationReader.Read(yaml, "orchestrator.yaml").Stores;
}
