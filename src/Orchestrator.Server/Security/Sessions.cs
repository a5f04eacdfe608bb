using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Orchestrator.Engine.Configuration;

namespace Orchestrator.Server.Security;

/// <summary>
/// Who may do what: a bearer token, or a browser session made from a one-time link. Nothing here looks at the peer's address:
/// a tunnel or a proxy on this machine makes strangers look local.
/// </summary>
public static class Sessions
{
    public const string Scheme = "orchestrator";
    public const string CookieName = "orchestrator-session";

    public static IServiceCollection AddSessions(this IServiceCollection services, DataFolder folder)
    {
        services.AddDataProtection()
            .SetApplicationName("orchestrator")
            .PersistKeysToFileSystem(KeysOf(folder));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "orchestrator-csrf";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            // Its default is the path of whoever made the token: /hangfire, and forms outside it would lack the cookie.
            options.Cookie.Path = "/";
        });
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = request =>
                request.Request.Headers.ContainsKey("Authorization") ? TokenAuthentication.Scheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Scheme, null)
            .AddCookie(CookieAuthenticationDefaults.AuthenticationScheme, Configure);
        services.AddAccess();
        services.AddSingleton<LoginCodes>();
        return services;
    }

    private static DirectoryInfo KeysOf(DataFolder folder)
    {
        var path = Path.Combine(folder.Root, "keys");
        try
        {
            return Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (IOException taken)
        {
            throw new DataFolderException($"{path} is to be a folder, for the keys of browser sessions: {taken.Message} Move what is there out of the data folder", taken);
        }
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        // Secure where TLS is in front of us; loopback has none.
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = SignIn.Longest;
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = SignIn.CheckAsync;
        options.Events.OnRedirectToLogin = context => Unauthorized.WriteAsync(context.HttpContext);
        options.Events.OnRedirectToAccessDenied = context => Unauthorized.ForbidAsync(context.HttpContext);
    }
}
