using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Lambda;
using Xunit;

namespace Orchestrator.Tests.Providers.Lambda;

/// <summary>What the contract leaves open, either way, where our client does not use it.</summary>
public sealed partial class LambdaEmulatorTests
{
    [Theory]
    [InlineData(true, LambdaDesk.ApiKey + ":", 200)]
    [InlineData(true, "another:", 401)]
    [InlineData(true, LambdaDesk.ApiKey, 401)]
    [InlineData(false, LambdaDesk.ApiKey + ":", 401)]
    public async Task The_key_may_come_as_a_user_without_a_password_or_not(bool takesBasic, string login, int status)
    {
        var (desk, lambda) = Start(new LambdaSwitches { TakesBasic = takesBasic });
        using var _ = desk;
        using var client = new HttpClient(new InProcessHandler(lambda));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://lambda.test/api/v1/instances"));
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));

        using var answer = await client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(true, "2", 400, 0)]
    [InlineData(false, "2", 200, 2)]
    // More than there are: none is launched.
    [InlineData(false, "4", 400, 0)]
    [InlineData(false, "0", 400, 0)]
    [InlineData(false, "1.5", 400, 0)]
    [InlineData(true, "null", 200, 1)]
    public void A_launch_may_be_of_several_machines_or_of_one(bool refuses, string quantity, int status, int launched)
    {
        var (desk, lambda) = Start(new LambdaSwitches { RefusesQuantity = refuses });
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 3 } });
        Ask(lambda, "POST", "api/v1/ssh-keys", """{"name":"k","public_key":"ssh-rsa AAAA"}""");

        var answer = Ask(lambda, "POST", "api/v1/instance-operations/launch", $$"""{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":["k"],"quantity":{{quantity}}}""");

        Assert.Equal((status, launched), (answer.Status, lambda.Rented.Count));
        Assert.Equal(lambda.Rented, (JsonNode.Parse(answer.Body)!["data"]?["instance_ids"]?.AsArray() ?? []).Select(id => (string)id!));
    }

    [Theory]
    [InlineData("POST", "PATCH")]
    [InlineData("PATCH", "POST")]
    public async Task A_machine_is_renamed_by_one_method_and_not_by_the_other(string method, string other)
    {
        var (desk, lambda) = Start(new LambdaSwitches { RenameMethod = method });
        using var _ = desk;
        var id = await CreateAsync(desk);

        Assert.Equal(405, Ask(lambda, other, $"api/v1/instances/{id}", """{"name":"mine"}""").Status);
        Assert.Equal(400, Ask(lambda, method, $"api/v1/instances/{id}", """{"name":""}""").Status);
        Assert.Equal(404, Ask(lambda, method, "api/v1/instances/none", """{"name":"mine"}""").Status);
        Assert.Equal(200, Ask(lambda, method, $"api/v1/instances/{id}", """{"name":"mine"}""").Status);

        Assert.Equal("mine", (string?)lambda.OrderOf(id)["name"]);
        // Whatever it is called, its tag says whose it is.
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }
}
