using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning.Checks;

/// <summary><c>resources.network</c>; a line that nobody publishes is taken to be its tier's usual one.</summary>
internal sealed class NetworkCheck(ResourceRequest wanted) : Check
{
    private readonly string _down = $"download below {wanted.DownMbps} Mbps";
    private readonly string _up = $"upload below {wanted.UpMbps} Mbps";

    public override string? Rejects(Offer offer) =>
        wanted.DownMbps is { } down && Down(offer) < down ? _down
        : wanted.UpMbps is { } up && Up(offer) < up ? _up
        : null;

    public override string Words(Offer offer) => wanted.DownMbps is { } down && Down(offer) < down
        ? Say(Down(offer), offer.DownMbps is null, down, "down")
        : Say(Up(offer), offer.UpMbps is null, wanted.UpMbps ?? 0, "up");

    private static double Down(Offer offer) => offer.DownMbps ?? Priors.Of(offer.Tier).DownMbps;

    private static double Up(Offer offer) => offer.UpMbps ?? Priors.Of(offer.Tier).UpMbps;

    private static string Say(double has, bool assumed, int needed, string way) =>
        FormattableString.Invariant($"{has:0} Mbps {way}{(assumed ? " (assumed)" : "")}, {needed} needed");
}
