using System.Text.Json.Serialization;

namespace Orchestrator.Offers;

/// <summary>Who stands behind a host; priors of reliability and bandwidth are kept per tier.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OfferTier>))]
public enum OfferTier
{
    /// <summary>The user's own machine.</summary>
    Own,
    /// <summary>A data centre that answers for it (RunPod Secure, Lambda).</summary>
    Datacenter,
    /// <summary>Private hosts under a provider's roof (RunPod Community).</summary>
    Community,
    /// <summary>Anybody's host on an open market (Vast.ai).</summary>
    Marketplace,
}
