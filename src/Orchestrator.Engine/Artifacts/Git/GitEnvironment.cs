using System.Globalization;
using System.Text;
using Orchestrator.Engine.Processes;
using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>
/// What git finds in its environment: nothing of a person's own configuration, nobody to ask, and the login of the one host that
/// it is for. A token stands in no argument list and in no file.
/// </summary>
internal sealed class GitEnvironment(GitSettings settings, TokenReader tokens)
{
    private static readonly string[] _kept =
        ["PATH", "SSH_AUTH_SOCK", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    /// <param name="home">A folder that git may take for a home.</param>
    /// <param name="url">The repository.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<Dictionary<string, string>> BuildAsync(string home, GitUrl url, CancellationToken cancellation)
    {
        var variables = _kept.Select(name => (name, Value: Environment.GetEnvironmentVariable(name))).Where(one => one.Value is not null).ToDictionary(one => one.name, one => one.Value!, StringComparer.Ordinal);
        variables["HOME"] = home;
        variables["LC_ALL"] = "C";
        variables["GIT_CONFIG_NOSYSTEM"] = "1";
        variables["GIT_CONFIG_GLOBAL"] = "/dev/null";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_ASKPASS"] = "/bin/false";
        variables["SSH_ASKPASS"] = "/bin/false";
        variables["GIT_ALLOW_PROTOCOL"] = settings.Protocols;
        if (variables.TryGetValue("SSL_CERT_FILE", out var authorities))
        {
            variables["GIT_SSL_CAINFO"] = authorities;
        }

        var account = AccountOf(url);
        variables["GIT_SSH_COMMAND"] = Ssh(account);
        List<(string Key, string Value)> configuration =
        [
            ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("gc.auto", "0"), ("init.defaultBranch", "main"), ("advice.detachedHead", "false"),
            ("http.lowSpeedLimit", "1000"), ("http.lowSpeedTime", "60"),
        ];
        if (account?.Token is { } token && url.Scheme is "https" or "http")
        {
            var login = $"{account.User}:{await tokens.ReadAsync(token, $"git.{account.Name}.token", cancellation)}";
            // For this host only: submodules elsewhere never see it.
            configuration.Add(($"http.{url.Scheme}://{url.Host}/.extraHeader", "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login))));
        }

        variables["GIT_CONFIG_COUNT"] = configuration.Count.ToString(CultureInfo.InvariantCulture);
        foreach (var (index, (key, value)) in configuration.Index())
        {
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{index}")] = key;
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{index}")] = value;
        }

        return variables;
    }

    internal GitAccount? AccountOf(GitUrl url) => settings.Accounts.FirstOrDefault(account => string.Equals(account.Host, url.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Git hands this to a shell.</summary>
    private string Ssh(GitAccount? account)
    {
        var command = new StringBuilder("ssh -o BatchMode=yes -o ConnectTimeout=20 -o StrictHostKeyChecking=accept-new");
        if (settings.KnownHostsFile is { } known)
        {
            command.Append(" -o ").Append(ShellWords.Quote($"UserKnownHostsFile=\"{known}\""));
        }

        if (account?.KeyFile is { } key)
        {
            command.Append(" -o IdentitiesOnly=yes -i ").Append(ShellWords.Quote(key));
        }

        return command.ToString();
    }
}
