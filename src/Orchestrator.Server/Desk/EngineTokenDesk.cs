using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Desk;

/// <summary>Makes and ends tokens; keeps their hashes.</summary>
public sealed partial class EngineTokenDesk(TokenStore store) : ITokenDesk
{
    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3650);
    private static readonly TimeSpan _longestLink = TimeSpan.FromDays(90);

    public async Task<ImmutableArray<TokenView>> ListAsync(bool all, CancellationToken cancellation) => [.. (await store.ListAsync(all, cancellation)).Select(View)];

    public async Task<TokenReply> CreateAsync(TokenRequest request, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!Roles.IsRole(request.Role))
        {
            throw new DeskException(Refusal.BadRequest, $"\"{Views.Clean.Line(request.Role ?? "", 40)}\" is no role", "give viewer (reads), operator (commands jobs) or admin (changes the installation)");
        }

        return await MakeAsync(Checked(request.Name), request.Role!, isLink: false, Length(request.Seconds, _longest), by, cancellation) is var (row, token) ? new(View(row), token.Value) : throw Taken(request.Name!);
    }

    public async Task<LinkReply> CreateLinkAsync(TokenRequest request, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is not { Role: null or Roles.Viewer, Seconds: not null })
        {
            throw new DeskException(Refusal.BadRequest, "a link is a viewer's and expires", "give --expires 7d");
        }

        var token = ApiToken.Generate();
        var name = request.Name is null ? $"link-{ApiToken.IdOf(token.Value)[..6]}" : Checked(request.Name);
        return await MakeAsync(name, Roles.Viewer, isLink: true, Length(request.Seconds, _longestLink), by, cancellation, token) is var (row, _)
            ? new(View(row), LinkEndpoint.PathOf(token.Value))
            : throw Taken(name);
    }

    public async Task<TokenView> RevokeAsync(string nameOrId, string by, CancellationToken cancellation) => await store.RevokeAsync(nameOrId, by, cancellation) is { } row
        ? View(row)
        : throw new DeskException(Refusal.NotFound, $"no token that still opens something is called \"{Views.Clean.Line(nameOrId, 80)}\"", nameOrId == FileToken.Name
            ? "the installation's first token is a file: remove it from the data folder and start the server again to get a new one"
            : "orchestrator server token list names them");

    internal static TokenView View(TokenRow row) => new(
        row.Id, row.Name, row.Role, row.IsLink ? "link" : "token", row.RevokedAt is not null ? "revoked" : row.IsExpired ? "expired" : "live", row.CreatedAt, row.CreatedBy, row.ExpiresAt)
    {
        RevokedAt = row.RevokedAt,
        RevokedBy = row.RevokedBy,
    };

    private async Task<(TokenRow Row, ApiToken Token)?> MakeAsync(string name, string role, bool isLink, TimeSpan? length, string by, CancellationToken cancellation, ApiToken? made = null)
    {
        var token = made ?? ApiToken.Generate();
        var row = await store.CreateAsync(new(ApiToken.IdOf(token.Value), ApiToken.Hash(token.Value), name, role, isLink, by, length), cancellation);
        return row is null ? null : (row, token);
    }

    private static string Checked(string? name) => name is not null && NamePattern().IsMatch(name) && name != FileToken.Name
        ? name
        : throw new DeskException(
            Refusal.BadRequest,
            name == FileToken.Name ? $"\"{FileToken.Name}\" is the name of the installation's first token" : "the name of a token has 1 to 63 letters, digits, dots, hyphens or underscores and begins with a letter or digit",
            "for example: --name ci");

    private static TimeSpan? Length(double? seconds, TimeSpan longest) => seconds is not { } given ? null
        : given >= _shortest.TotalSeconds && given <= longest.TotalSeconds ? TimeSpan.FromSeconds(given)
        : throw new DeskException(Refusal.BadRequest, $"that expires after a time which is not between {_shortest.TotalSeconds:0} s and {longest.TotalDays:0} days", "give --expires 30d, for example");

    private static DeskException Taken(string name) =>
        new(Refusal.Policy, $"there is a token \"{name}\" already", $"choose another name, or end it first: orchestrator server token revoke {name}");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
