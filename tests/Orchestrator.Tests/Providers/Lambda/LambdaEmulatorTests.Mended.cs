using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Attempts;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Providers.Lambda;

/// <summary>What the contract's chapter 13 requires and our client does not ask for.</summary>
public sealed partial class LambdaEmulatorTests
{
    [Theory]
    [InlineData("nowhere", "global/invalid-parameters")]
    // It is known, and has none of these.
    [InlineData("us-east-1", "instance-operations/launch/insufficient-capacity")]
    public void A_region_that_is_not_known_is_no_lack_of_capacity(string region, string code)
    {
        var (desk, lambda) = StartWithKey();
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Name = "gpu_1x_gh200", Stock = new Dictionary<string, int> { ["us-east-1"] = 1 } });

        Assert.Equal((400, code), Code(lambda, "POST", "api/v1/instance-operations/launch", Order(region: region)));
        Assert.Empty(lambda.Rented);
    }

    [Fact]
    public void A_key_without_a_public_half_is_made_and_its_private_half_told_once()
    {
        var (desk, lambda) = Start();
        using var _ = desk;

        var key = Data(lambda, "POST", "api/v1/ssh-keys", """{"name":"made"}""");

        using var pair = RSA.Create();
        pair.ImportFromPem((string)key["private_key"]!);
        // Type, exponent, modulus: each after its length (RFC 4253).
        var blob = Convert.FromBase64String(((string)key["public_key"]!).Split(' ')[1]);
        var modulus = pair.ExportParameters(false).Modulus!;
        Assert.Equal("\0\0\0\assh-rsa\0\0\0\u0003", Encoding.ASCII.GetString(blob[..15]));
        Assert.Equal([0, .. modulus], blob[^(modulus.Length + 1)..]);
        Assert.StartsWith("ssh-rsa ", (string)key["public_key"]!, StringComparison.Ordinal);
        var listed = Assert.Single(Data(lambda, "GET", "api/v1/ssh-keys").AsArray())!.AsObject();
        Assert.Equal(["id", "name", "public_key"], listed.Select(pair => pair.Key));
        Assert.Equal((string)key["public_key"]!, (string)listed["public_key"]!);
        Assert.False(Data(lambda, "POST", "api/v1/ssh-keys", """{"name":"mine","public_key":"ssh-rsa AAAA"}""").AsObject().ContainsKey("private_key"));
        Assert.Equal((400, "global/invalid-parameters"), Code(lambda, "POST", "api/v1/ssh-keys", """{"name":"","public_key":null}"""));
        Assert.Equal(200, Ask(lambda, "POST", "api/v1/instance-operations/launch", Order().Replace("\"k\"", "\"made\"", StringComparison.Ordinal)).Status);
    }

    [Fact]
    public async Task A_machine_restarts_where_it_says_that_it_can()
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        var id = await CreateAsync(desk);
        Assert.Equal((false, "vm-has-not-launched", 400), Restart());

        desk.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((true, null, 200), Restart());
        lambda.Sicken(id);
        Assert.Equal((true, null, 200), Restart());

        await desk.Provider.DestroyAsync(id, default);
        Assert.Equal((false, "vm-is-terminating", 400), Restart());

        (bool, string?, int) Restart()
        {
            var said = Data(lambda, "GET", $"api/v1/instances/{id}")["actions"]!["restart"]!;
            var answer = Ask(lambda, "POST", "api/v1/instance-operations/restart", $$"""{"instance_ids":["{{id}}"]}""");
            if (answer.Status != 200)
            {
                Assert.Equal(("global/invalid-parameters", (string)said["reason_description"]!), ((string)JsonNode.Parse(answer.Body)!["error"]!["code"]!, (string)JsonNode.Parse(answer.Body)!["error"]!["message"]!));
            }

            return ((bool)said["available"]!, (string?)said["reason_code"], answer.Status);
        }
    }

    [Fact]
    public void Images_are_of_a_region_and_a_processor()
    {
        var (desk, lambda) = StartWithKey();
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Name = "gpu_1x_gh200", Architecture = "arm64", Stock = new Dictionary<string, int> { ["us-east-1"] = 1 } });

        var images = Data(lambda, "GET", "api/v1/images").AsArray();

        Assert.Equal(["id", "created_time", "updated_time", "name", "description", "family", "version", "architecture", "region"], images[0]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(8, images.Select(image => (string)image!["id"]!).Distinct().Count());
        Assert.All(images, image => Assert.Matches("^[0-9a-f]{32}$", (string)image!["id"]!));
        Assert.Equal(2, images.Count(image => (string)image!["family"]! == "lambda-stack-24-04" && (string)image["region"]!["name"]! == "us-west-1"));

        Assert.Equal((400, "global/object-does-not-exist"), Launch("""{"family":"windows"}"""));
        Assert.Equal((400, "global/object-does-not-exist"), Launch($$"""{"id":"{{IdOf("us-east-1", "x86_64")}}"}"""));
        Assert.Equal((400, "global/object-does-not-exist"), Launch($$"""{"id":"{{IdOf("us-west-1", "arm64")}}"}"""));
        Assert.Equal((400, "global/invalid-parameters"), Launch("""{"family":"lambda-stack-24-04","id":"x"}"""));
        Assert.Equal((400, "global/invalid-parameters"), Launch("{}"));
        Assert.Equal((200, null), Launch($$"""{"id":"{{IdOf("us-west-1", "x86_64")}}"}"""));

        (int, string?) Launch(string image) => Code(lambda, "POST", "api/v1/instance-operations/launch", Order($$""" "image":{{image}}, """));

        string IdOf(string region, string architecture) => (string)images.First(image => (string)image!["region"]!["name"]! == region && (string)image["architecture"]! == architecture)!["id"]!;
    }

    [Fact]
    public void A_file_system_is_made_listed_by_both_names_and_deleted()
    {
        var (desk, lambda) = StartWithKey();
        using var _ = desk;

        var made = Data(lambda, "POST", "api/v1/filesystems", """{"name":"shared-fs","region":"us-west-1"}""");

        var id = (string)made["id"]!;
        Assert.Equal(
            $$$"""{"id":"{{{id}}}","name":"shared-fs","mount_point":"/lambda/nfs/shared-fs","created":"2026-11-23T10:00:00+00:00","created_by":{"id":"aa11","email":"user@example.com","status":"active"},"is_in_use":false,"region":{"name":"us-west-1","description":"California, USA"},"bytes_used":0}""",
            JsonNode.Parse(made.ToJsonString())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.All((string[])["file-systems", "filesystems"], path => Assert.True(JsonNode.DeepEquals(new JsonArray(made.DeepClone()), Data(lambda, "GET", $"api/v1/{path}"))));
        Assert.Equal((400, "global/duplicate"), Code(lambda, "POST", "api/v1/filesystems", """{"name":"shared-fs","region":"us-west-1"}"""));
        Assert.Equal((400, "global/invalid-parameters"), Code(lambda, "POST", "api/v1/filesystems", """{"name":"1st","region":"us-west-1"}"""));
        Assert.Equal((400, "global/invalid-parameters"), Code(lambda, "POST", "api/v1/filesystems", """{"name":"other","region":"nowhere"}"""));
        Assert.Equal((400, "global/invalid-parameters"), Code(lambda, "POST", "api/v1/filesystems", $$"""{"name":"{{new string('a', 61)}}","region":"us-west-1"}"""));
        Assert.Equal(405, Ask(lambda, "DELETE", $"api/v1/file-systems/{id}", "").Status);
        Assert.Equal($$"""{"deleted_ids":["{{id}}"]}""", Data(lambda, "DELETE", $"api/v1/filesystems/{id}").ToJsonString());
        Assert.Equal((404, "global/object-does-not-exist"), Code(lambda, "DELETE", $"api/v1/filesystems/{id}", ""));
        Assert.Empty(Data(lambda, "GET", "api/v1/file-systems").AsArray());
    }

    [Theory]
    [InlineData(""" "file_system_names":["here"], """, 200, null)]
    [InlineData(""" "file_system_names":null, """, 200, null)]
    [InlineData(""" "file_system_names":["here","there"], """, 400, "global/invalid-parameters")]
    [InlineData(""" "file_system_names":["none"], """, 400, "global/object-does-not-exist")]
    [InlineData(""" "file_system_names":["there"], """, 400, "instance-operations/launch/file-system-in-wrong-region")]
    [InlineData(""" "file_system_mounts":[{"file_system_id":"HERE","mount_point":"/data/mine"}], """, 200, null)]
    [InlineData(""" "file_system_mounts":[{"file_system_id":"HERE","mount_point":"/etc"}], """, 400, "global/invalid-parameters")]
    [InlineData(""" "file_system_mounts":[{"file_system_id":"HERE","mount_point":"data/mine"}], """, 400, "global/invalid-parameters")]
    [InlineData(""" "file_system_mounts":[{"file_system_id":"none","mount_point":"/data/mine"}], """, 400, "global/object-does-not-exist")]
    [InlineData(""" "file_system_mounts":[{"file_system_id":"HERE","mount_point":"/data/mine"}],"file_system_names":["here"], """, 400, "global/invalid-parameters")]
    public void A_launch_takes_one_file_system_of_its_region(string fields, int status, string? code)
    {
        var (desk, lambda) = StartWithKey();
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Name = "gpu_1x_gh200", Stock = new Dictionary<string, int> { ["us-east-1"] = 1 } });
        var here = (string)Data(lambda, "POST", "api/v1/filesystems", """{"name":"here","region":"us-west-1"}""")["id"]!;
        Ask(lambda, "POST", "api/v1/filesystems", """{"name":"there","region":"us-east-1"}""");

        Assert.Equal((status, code), Code(lambda, "POST", "api/v1/instance-operations/launch", Order(fields.Replace("HERE", here, StringComparison.Ordinal))));

        Assert.Equal(status == 200 ? 1 : 0, lambda.Rented.Count);
        if (status == 200 && !fields.Contains("null", StringComparison.Ordinal))
        {
            var machine = Data(lambda, "GET", $"api/v1/instances/{lambda.Rented[0]}");
            Assert.Equal(("here", here), ((string)machine["file_system_names"]![0]!, (string)machine["file_system_mounts"]![0]!["file_system_id"]!));
            Assert.Equal(fields.Contains("/data/mine", StringComparison.Ordinal) ? "/data/mine" : "/lambda/nfs/here", (string)machine["file_system_mounts"]![0]!["mount_point"]!);
        }
    }

    [Fact]
    public void A_file_system_is_held_until_a_while_after_the_end_of_its_machine()
    {
        var (desk, lambda) = StartWithKey(new LambdaSwitches { FileSystemRelease = TimeSpan.FromMinutes(3) });
        using var _ = desk;
        var id = (string)Data(lambda, "POST", "api/v1/filesystems", """{"name":"here","region":"us-west-1"}""")["id"]!;
        Assert.Equal(200, Ask(lambda, "POST", "api/v1/instance-operations/launch", Order(""" "file_system_names":["here"], """)).Status);
        desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((400, "filesystems/filesystem-in-use"), Code(lambda, "DELETE", $"api/v1/filesystems/{id}", ""));

        Ask(lambda, "POST", "api/v1/instance-operations/terminate", $$"""{"instance_ids":["{{lambda.Rented[0]}}"]}""");
        // A minute of terminating, three of release.
        desk.Time.Advance(TimeSpan.FromSeconds(239));
        Assert.Equal((400, "filesystems/filesystem-in-use"), Code(lambda, "DELETE", $"api/v1/filesystems/{id}", ""));
        Assert.True((bool)Data(lambda, "GET", "api/v1/filesystems")[0]!["is_in_use"]!);

        desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False((bool)Data(lambda, "GET", "api/v1/filesystems")[0]!["is_in_use"]!);
        Assert.Equal((200, null), Code(lambda, "DELETE", $"api/v1/filesystems/{id}", ""));
    }

    /// <summary>The bound: 1 %. Boot is free; a machine that is unhealthy bills, and one that terminates may.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_meter_says_what_its_bill_says(bool untilGone)
    {
        var (desk, lambda) = Start(new LambdaSwitches { BilledWhileTerminating = untilGone });
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Cents = 1200 });
        var from = desk.Time.GetUtcNow();
        var watched = new WatchedInstance(desk.Time, () => ListedAsync(desk));
        var offer = (await desk.Provider.ListOffersAsync(default))[0];
        var id = await CreateAsync(desk);
        await watched.WatchAsync(minutes: 184, minute =>
        {
            switch (minute)
            {
                case 60:
                    lambda.Sicken(id);
                    break;
                case 90:
                    lambda.Recover(id);
                    break;
            }
        });

        await desk.Provider.DestroyAsync(id, default);
        var life = watched.Life;
        Assert.Equal(InstanceStatus.Terminating, (await ListedAsync(desk)).Status);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        var metered = (double)Meter.Of(OfferTaken.Of(offer, null), desk.Provider.Billing, life, 0, 0, 0).Billed.Dollars;
        // Three hours, and a minute of terminating.
        Assert.Equal(12 * (180 + (untilGone ? 1 : 0)) / 60.0, lambda.Bill, 6);
        Assert.InRange(metered, lambda.Bill * 0.99, lambda.Bill * 1.01);
        Assert.Equal((from.AddMinutes(4), TimeSpan.FromMinutes(1)), (watched.RunningAt, offer.BillingUnit));
    }

    private static string Order(string more = "", string region = "us-west-1") => $$"""{"region_name":"{{region}}","instance_type_name":"gpu_1x_a10",{{more}}"ssh_key_names":["k"]}""";

    private static (LambdaDesk Desk, LambdaEmulator Lambda) StartWithKey(LambdaSwitches? switches = null)
    {
        var (desk, lambda) = Start(switches);
        Ask(lambda, "POST", "api/v1/ssh-keys", """{"name":"k","public_key":"ssh-rsa AAAA"}""");
        return (desk, lambda);
    }

    private static JsonNode Data(LambdaEmulator lambda, string method, string path, string body = "") => JsonNode.Parse(Ask(lambda, method, path, body).Body)!["data"]!;

    private static (int Status, string? Code) Code(LambdaEmulator lambda, string method, string path, string body)
    {
        var answer = Ask(lambda, method, path, body);
        return (answer.Status, (string?)JsonNode.Parse(answer.Body)!["error"]?["code"]);
    }
}
