using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// Logins for private images. RunPod keeps them on the account and a pod names one by its id; so each login is put there once, under
/// a name that tells it from others without telling what it is. It stays: pods that run refuse its end.
/// </summary>
internal sealed class RunPodRegistries(RunPodApi api)
{
    private const string Prefix = "orchestrator-";
    private const int Rounds = 100_000;

    public async Task<string> IdOfAsync(ImageToRun image, CancellationToken cancellation)
    {
        var (user, password) = (image.User ?? "", image.Password ?? "");
        var name = NameOf(image.Registry ?? "docker.io", user, password);
        var call = new ApiCall(HttpMethod.Get, "v2/registries") { Lanes = RunPodLanes.All };
        var answer = await api.AskAsync(call, cancellation);
        if (!answer.Fields["registries"].IsArray)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"RunPod, {call}: the answer has no registries, so nothing was rented: {answer.Words}");
        }

        return answer.Fields["registries"].Items.FirstOrDefault(one => one["name"].Text == name)["id"].Text ?? await AddAsync(name, user, password, cancellation);
    }

    private async Task<string> AddAsync(string name, string user, string password, CancellationToken cancellation)
    {
        var call = new ApiCall(HttpMethod.Post, "v2/registries")
        {
            Body = new JsonObject { ["name"] = name, ["username"] = user, ["password"] = password },
            Lanes = RunPodLanes.All,
            Changes = true,
        };
        // What it answers may repeat the password, and is shown nowhere.
        var answer = await api.SendAsync(call, cancellation);
        return answer.IsSuccess && answer.Fields["id"].Text is { Length: > 0 } id
            ? id
            : throw new ProviderException(ProviderErrorKind.Rejected, $"RunPod, {call}: it does not take the login for the image's registry (HTTP {(int)answer.Status}), so nothing was rented");
    }

    /// <summary>Slow to compute, so that a weak password cannot be guessed from it.</summary>
    private static string NameOf(string registry, string user, string password) =>
        Prefix + Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes($"{registry}\n{user}"), Rounds, HashAlgorithmName.SHA256, 8));
}
