using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.Lambda;

/// <summary>
/// Whose account it is. Lambda names no owner, but nothing is launched without a key that the account knows (ours), and the ids of those
/// keys are that account's alone.
/// </summary>
internal static class LambdaAccount
{
    public static AccountQuestion Who { get; } = new(LambdaKeys.List, answer => answer.IsSuccess && answer.Fields["data"].IsArray
        ? [.. answer.Fields["data"].Items.Select(key => key["id"].Text).OfType<string>()]
        : throw LambdaErrors.Of(LambdaKeys.List, answer));

    /// <summary>What somebody else rented on the account; null = ours, over, or nothing that can be named.</summary>
    public static ForeignInstance? ReadForeign(ApiFields row) =>
        row["id"].Text is { } id && LambdaInstance.IsId(id) && row["status"].Text != "terminated" && LambdaInstance.LabelOf(row) is null
            ? new ForeignInstance(id, OneLine.Of(row["name"].Text, 60))
            {
                PricePerHour = row["instance_type"]["price_cents_per_hour"].Number is { } cents and >= 0 and < 1e8 ? Money.FromDollars((decimal)cents / 100) : null,
                Words = OneLine.Of(row["status"].Text, 20),
            }
            : null;
}
