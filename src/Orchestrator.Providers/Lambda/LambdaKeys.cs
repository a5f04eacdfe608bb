using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Lambda;

/// <summary>A launch takes the name of exactly one key that the account knows; ours is put there once, under a name that follows from it.</summary>
internal sealed class LambdaKeys(LambdaApi api)
{
    public static ApiCall List { get; } = new(HttpMethod.Get, "api/v1/ssh-keys") { Lanes = LambdaLanes.All };

    /// <exception cref="ProviderException">Nothing was launched, whatever its kind says.</exception>
    public async Task<string> NameOfAsync(string loginKey, CancellationToken cancellation)
    {
        var wanted = Bare(loginKey);
        if (await FindBareAsync(wanted, cancellation) is { } known)
        {
            return known;
        }

        var name = $"orchestrator-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..16]}";
        var call = new ApiCall(HttpMethod.Post, "api/v1/ssh-keys") { Body = new JsonObject { ["name"] = name, ["public_key"] = loginKey.Trim() }, Lanes = LambdaLanes.All, Changes = true };
        try
        {
            return (await api.AskAsync(call, cancellation))["name"].Text ?? name;
        }
        catch (ProviderException refused) when (refused.Kind is ProviderErrorKind.Rejected or ProviderErrorKind.Transient or ProviderErrorKind.Unknown)
        {
            // Another server of ours was faster, or the answer was lost: it is there or it is not.
            return await FindBareAsync(wanted, cancellation) ?? throw new ProviderException(ProviderErrorKind.Rejected, $"the account does not take our SSH key, so nothing was rented: {refused.Message}", refused);
        }
    }

    /// <summary>What it goes by at the account; null = the account does not know it.</summary>
    public Task<string?> FindAsync(string loginKey, CancellationToken cancellation) => FindBareAsync(Bare(loginKey), cancellation);

    private async Task<string?> FindBareAsync(string wanted, CancellationToken cancellation)
    {
        var keys = await api.AskAsync(List, cancellation);
        return keys.IsArray
            ? keys.Items.FirstOrDefault(key => key["public_key"].Text is { } text && Bare(text) == wanted)["name"].Text
            : throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {List}: the answer has no keys, so nobody knows whether ours is good");
    }

    /// <summary>Without the comment, which nobody keeps.</summary>
    private static string Bare(string key) => string.Join(' ', key.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(2));
}
