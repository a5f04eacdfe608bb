using System.Text.Json.Nodes;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.Lambda;

/// <summary>The launch of one virtual machine.</summary>
internal static class LambdaOrder
{
    private const int LongestName = 64;

    /// <summary>Docker needs it for the cards, and a restart to notice.</summary>
    private const string Toolkit =
        "command -v nvidia-smi >/dev/null || exit 0; command -v nvidia-ctk >/dev/null || { apt-get -qq update; apt-get -qq install -y nvidia-container-toolkit; }; "
        + "nvidia-ctk runtime configure --runtime=docker && systemctl restart docker";

    /// <exception cref="ProviderException">It cannot be asked for; nothing was sent.</exception>
    public static ApiCall Of(LaunchRequest request, LambdaOptions options, IReachKeys keys, string keyName)
    {
        var (type, region) = LambdaType.Parse(request.Offer.OfferId) ?? throw new ProviderException(ProviderErrorKind.NoCapacity, $"{OneLine.Of(request.Offer.OfferId, 100)} is no offer of Lambda");
        if (request.Label.Length > LongestName)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"the label {request.Label} is longer than the {LongestName} characters that Lambda takes for a name");
        }

        var body = new JsonObject
        {
            ["region_name"] = region,
            ["instance_type_name"] = type,
            ["ssh_key_names"] = new JsonArray(keyName),
            ["name"] = request.Label,
            ["tags"] = new JsonArray(new JsonObject { ["key"] = LambdaInstance.LabelTag, ["value"] = request.Label }),
            ["user_data"] = UserData(keys.HostKeyOf(request.Label), options, request.Label),
        };
        return new ApiCall(HttpMethod.Post, "api/v1/instance-operations/launch") { Body = body, Lanes = LambdaLanes.Launch, Changes = true };
    }

    /// <summary>For cloud-init, at the first boot: the host key we made instead of keys of its own, so that it is pinned before the first connection.</summary>
    private static string UserData(DerivedKey host, LambdaOptions options, string label) =>
        $$"""
        #cloud-config
        ssh_deletekeys: true
        ssh_keys:
          ecdsa_private: |
            {{string.Join("\n    ", host.Pem.Trim().Split('\n'))}}
          ecdsa_public: {{host.PublicKey}}
        runcmd:
          - [usermod, -aG, docker, {{options.User}}]
          - [install, -d, -o, {{options.User}}, -g, {{options.User}}, -m, "700", {{options.FolderOf(label)}}]
          - [sh, -c, "{{Toolkit}}"]

        """;
}
