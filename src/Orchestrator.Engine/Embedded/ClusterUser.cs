using System.Globalization;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>
/// The operating system user that the cluster runs as: ourselves, or the system's own `postgres` user when we are root
/// (PostgreSQL refuses to run as root). Not `nobody`: whatever else runs as nobody could then enter our database.
/// </summary>
internal sealed record ClusterUser(string Name, uint UserId, uint GroupId, bool IsOther)
{
    private const string Account = "postgres";

    internal static ClusterUser Current()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            var name = Environment.UserName;
            return PasswordEntry(File.ReadLines("/etc/passwd"), name) is { } own ? own with { IsOther = false } : new(name, Libc.EffectiveUserId(), uint.MaxValue, false);
        }

        return PasswordEntry(File.ReadLines("/etc/passwd"), Account) ?? throw new EmbeddedPostgresException(
            $"PostgreSQL never runs as root, and this machine has no user `{Account}` to run it as; create it with: apt install postgresql (or run as another user than root)");
    }

    /// <summary>The command line that runs a program as this user.</summary>
    internal IReadOnlyList<string> Command(string program, params IEnumerable<string> arguments) => IsOther
        ? [SetPriv(), Number("--reuid=", UserId), Number("--regid=", GroupId), "--clear-groups", "--", program, .. arguments]
        : [program, .. arguments];

    /// <summary>A clean environment: no PG* variable or locale of the caller's may change how the cluster behaves.</summary>
    internal IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["PATH"] = "/usr/bin:/bin",
        ["LC_ALL"] = "C",
        ["TZ"] = "UTC",
        ["USER"] = Name,
        ["LOGNAME"] = Name,
        ["HOME"] = "/",
    };

    private static ClusterUser? PasswordEntry(IEnumerable<string> lines, string name)
    {
        foreach (var line in lines)
        {
            var fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == name
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var group))
            {
                return new(name, user, group, true);
            }
        }

        return null;
    }

    private static string SetPriv() => Executables.Find("setpriv")
        ?? throw new EmbeddedPostgresException("the program setpriv is missing; install it with: apt install util-linux");

    private static string Number(string option, uint value) => option + value.ToString(CultureInfo.InvariantCulture);
}
