using System.Globalization;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;

namespace Orchestrator.Server.Security;

/// <summary>The installation's first token, and those that were made since.</summary>
public sealed class KnownTokens(FileToken first, TokenStore store) : ITokenCheck
{
    public async ValueTask<TokenAnswer> CheckAsync(string token, CancellationToken cancellation)
    {
        if (await first.CheckAsync(token, cancellation) is { Owner: not null } admin)
        {
            return admin;
        }

        return await FindAsync(token, cancellation) is not { } row ? TokenAnswer.Unknown
            : row.IsLink ? new(null, $"the token of the link \"{row.Name}\" opens pages in a browser and is no bearer's")
            : Answer(row);
    }

    public async ValueTask<TokenAnswer> StandsAsync(string id, CancellationToken cancellation)
    {
        if (await first.StandsAsync(id, cancellation) is { Owner: not null } admin)
        {
            return admin;
        }

        return await store.FindAsync(id, cancellation) is { } row ? Answer(row) : TokenAnswer.Unknown;
    }

    /// <summary>Of the token in a link. Others stay out of addresses, where histories and proxies keep them.</summary>
    public async ValueTask<TokenAnswer> OpenLinkAsync(string token, CancellationToken cancellation) =>
        await FindAsync(token, cancellation) is { IsLink: true } row ? Answer(row) : TokenAnswer.Unknown;

    internal static TokenAnswer Answer(TokenRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var what = $"the {(row.IsLink ? "link" : "token")} \"{row.Name}\"";
        return row.RevokedAt is { } revoked ? new(null, $"{what} was revoked on {Moment(revoked)} by {Views.Clean.Line(row.RevokedBy ?? "", 80)}")
            : row.IsExpired ? new(null, $"{what} expired on {Moment(row.ExpiresAt)}")
            : new(new TokenOwner(row.Name, row.Role, row.Id) { ExpiresAt = row.ExpiresAt });
    }

    private async Task<TokenRow?> FindAsync(string token, CancellationToken cancellation) =>
        // Longer than any of ours: not worth a hash and a question.
        token.Length is > 0 and <= 128 && await store.FindAsync(ApiToken.IdOf(token), cancellation) is { } row && ApiToken.MatchesHash(token, row.Hash) ? row : null;

    private static string Moment(DateTimeOffset? at) => string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm} UTC");
}
