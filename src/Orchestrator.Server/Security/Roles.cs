using System.Security.Claims;

namespace Orchestrator.Server.Security;

/// <summary>What a person may do. An identity without a role is the installation's own token, which may do everything.</summary>
public static class Roles
{
    public const string Operator = "operator";
    public const string Admin = "admin";
    public const string Viewer = "viewer";

    /// <summary>Whether they may change anything.</summary>
    public static bool MayChange(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity is { IsAuthenticated: true } && (!user.HasClaim(claim => claim.Type == ClaimTypes.Role) || user.IsInRole(Operator) || user.IsInRole(Admin));
    }
}
