using System.Security.Claims;

namespace Orchestrator.Server.Security;

/// <summary>What a person or program may do. Who comes without a role that we know may do nothing.</summary>
public static class Roles
{
    /// <summary>Reads.</summary>
    public const string Viewer = "viewer";

    /// <summary>Commands jobs, and spends by that.</summary>
    public const string Operator = "operator";

    /// <summary>Changes the installation: secrets, tokens, accounts, recovery.</summary>
    public const string Admin = "admin";

    private static readonly string[] _ascending = [Viewer, Operator, Admin];

    public static bool IsRole(string? word) => Array.IndexOf(_ascending, word) >= 0;

    /// <summary>Whether a role includes what another may do.</summary>
    public static bool Covers(string? role, string asked) => Array.IndexOf(_ascending, role) is var has && has >= 0 && has >= Required(asked);

    public static bool Has(ClaimsPrincipal user, string asked)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity is { IsAuthenticated: true } && user.FindAll(ClaimTypes.Role).Any(claim => Covers(claim.Value, asked));
    }

    /// <summary>Whether they may change anything.</summary>
    public static bool MayChange(ClaimsPrincipal user) => Has(user, Operator);

    private static int Required(string asked) => Array.IndexOf(_ascending, asked) is >= 0 and var rank ? rank : throw new ArgumentException($"\"{asked}\" is no role", nameof(asked));
}
