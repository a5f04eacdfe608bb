namespace Orchestrator.Engine.Embedded;

/// <summary>Turns what PostgreSQL printed before it gave up into one line that says what to do.</summary>
internal static class StartFailure
{
    private const int LongestQuote = 400;

    private static readonly (string Sign, string Advice)[] Known =
    [
        ("No space left on device", "the disk is full: make room and try again"),
        ("Disk quota exceeded", "the disk quota is used up: make room and try again"),
        ("database files are incompatible", "the data is of another PostgreSQL version: install that version, or use another data folder with --data"),
        ("could not look up effective user ID", "the user has no entry in /etc/passwd, which PostgreSQL needs: run as a user that has one"),
        ("could not bind Unix", "its socket cannot be made: see whether the socket folder is writable and its path short"),
        ("Unix-domain socket path", "its socket path is too long: use a data folder with a shorter path (--data)"),
        ("could not create any Unix-domain sockets", "its socket cannot be made: see whether the socket folder is writable"),
        ("could not create lock file", "a file cannot be written: see the owner and mode of the folder"),
        ("pre-existing shared memory block", "an earlier PostgreSQL still uses the data: end its processes and try again"),
        ("could not map anonymous shared memory", "there is too little free memory: PostgreSQL needs about 100 MB"),
        ("Cannot allocate memory", "there is too little free memory: PostgreSQL needs about 100 MB"),
        ("has invalid permissions", "the cluster's folder is open to others: chmod 700 it"),
        ("has wrong ownership", "the cluster's folder belongs to another user: run as the user it belongs to"),
        ("Read-only file system", "the file system is read-only"),
        ("Permission denied", "a file or folder is closed to the user it runs as"),
        ("invalid configuration parameter", "a setting in custom.conf is wrong: correct it"),
        ("configuration file", "a setting in custom.conf is wrong: correct it"),
    ];

    internal static EmbeddedPostgresException Explain(string what, string output, string where)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var advice = Known.FirstOrDefault(known => output.Contains(known.Sign, StringComparison.Ordinal)).Advice ?? "see " + where;
        var last = lines.LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("PANIC", StringComparison.Ordinal) || line.Contains("error:", StringComparison.Ordinal))
            ?? lines.LastOrDefault();
        var quote = last is null ? "it printed nothing" : last.Length > LongestQuote ? last[..LongestQuote] : last;
        return new($"{what}: {advice} ({quote})");
    }
}
