using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.VastAi;

/// <summary>The create call of one launch.</summary>
internal static class VastOrder
{
    private const int LeastDiskGB = 8;

    /// <exception cref="ProviderException">Rejected: it cannot be asked for; nothing was sent.</exception>
    public static ApiCall Of(LaunchRequest request, VastOptions options, IReachKeys keys)
    {
        var offer = request.Offer;
        var ask = VastAsk.IdOf(offer.OfferId) ?? throw new ProviderException(ProviderErrorKind.NoCapacity, $"{offer.OfferId} is no offer of Vast.ai");
        var arguments = StartScript.Arguments(keys.HostKeyOf(request.Label), keys.LoginKey, options.SshPort, new Uri(options.Api.BaseAddress, $"api/v0/instances/{StartScript.Id}/"));
        var length = arguments.Sum(argument => argument.Length);
        if (length > StartScript.MostCharacters)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"what starts sshd is {length} characters long, Vast.ai takes {StartScript.MostCharacters}: use a shorter login key (ed25519)");
        }

        var body = new JsonObject
        {
            ["client_id"] = "me",
            ["image"] = request.Image?.Reference ?? options.PlainImage,
            ["disk"] = Math.Max(LeastDiskGB, Math.Max(options.LeastDiskGB, (int)Math.Ceiling(offer.DiskBytes / 1e9))),
            ["label"] = request.Label,
            // Whatever user the image names: sshd and the agent are root's.
            ["user"] = "root",
            // With args nothing of Vast.ai's is put into the container, and "onstart" is its entrypoint.
            ["runtype"] = "args",
            ["onstart"] = "/bin/sh",
            ["args"] = new JsonArray([.. arguments.Select(argument => (JsonNode)JsonValue.Create(argument))]),
            ["env"] = new JsonObject { [string.Create(CultureInfo.InvariantCulture, $"-p {options.SshPort}:{options.SshPort}")] = "1" },
            ["target_state"] = "running",
            // Else a machine that was taken meanwhile gives us a stopped instance, whose disk is billed.
            ["cancel_unavail"] = true,
        };
        if (offer.Capacity == CapacityType.Interruptible)
        {
            // A price makes it a bid. On demand there must be none.
            body["price"] = offer.PricePerHour.Dollars;
        }

        if (request.Image is { User: { } user, Password: { } password } image)
        {
            body["image_login"] = $"-u {Word(user)} -p {Word(password)} {Word(image.Registry ?? "docker.io")}";
        }

        return new ApiCall(HttpMethod.Put, $"api/v0/asks/{ask}/") { Body = body, Lanes = VastLanes.Create, Changes = true };
    }

    /// <summary>They are taken apart at blanks.</summary>
    private static string Word(string text) => text.Any(char.IsWhiteSpace) || text.StartsWith('-')
        ? throw new ProviderException(ProviderErrorKind.Rejected, "Vast.ai takes no registry login with blanks, or a leading dash, in its user, password or host")
        : text;
}
