using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.VastAi;

/// <summary>The account as Vast.ai tells of it.</summary>
internal static class VastAccount
{
    public static ApiCall Call { get; } = new(HttpMethod.Get, "api/v0/users/current/") { Lanes = VastLanes.User };

    public static AccountQuestion Who { get; } = new(Call, answer => !VastErrors.IsSuccess(answer) ? throw VastErrors.Of(Call, answer)
        : answer.Fields["id"].Whole is > 0 and var id ? [id.ToString(System.Globalization.CultureInfo.InvariantCulture)]
        // Only an answer that is no account's may lack it.
        : throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {Call}: the answer has no id: {answer.Words}"));

    /// <exception cref="ProviderException">It is no account's answer, so nobody knows whether the key is good.</exception>
    public static AccountState Read(ApiAnswer answer)
    {
        var fields = answer.Fields;
        // Prepaid accounts have their money in one, the others in the other.
        double?[] parts = [fields["balance"].Number, fields["credit"].Number];
        var known = parts.OfType<double>().Where(part => Math.Abs(part) < 1e9).ToList();
        if (known.Count == 0 && fields["id"].Whole is not > 0)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {Call}: the answer is of no account: {answer.Words}");
        }

        return new(fields["email"].Text ?? fields["username"].Text, known.Count > 0 ? Money.FromDollars((decimal)known.Sum()) : null);
    }
}
