using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.Tests.Embedded;

public sealed class StartFailureTests
{
    [Theory]
    [InlineData("PANIC:  could not write to file \"pg_wal/xlogtemp.1\": No space left on device", "the disk is full")]
    [InlineData("FATAL:  database files are incompatible with server\nDETAIL:  initialized by PostgreSQL version 14", "another PostgreSQL version")]
    [InlineData("LOG:  could not bind Unix address \"/x/.s.PGSQL.5432\": Address already in use\nFATAL:  could not create any Unix-domain sockets", "its socket cannot be made")]
    [InlineData("FATAL:  Unix-domain socket path \"/very/long\" is too long (maximum 107 bytes)", "too long")]
    [InlineData("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", "an earlier PostgreSQL")]
    [InlineData("FATAL:  data directory \"/x\" has invalid permissions", "chmod 700")]
    [InlineData("FATAL:  something nobody foresaw", "see /x/postgres.log (FATAL:  something nobody foresaw)")]
    [InlineData("", "it printed nothing")]
    public void What_it_printed_becomes_one_line_that_says_what_to_do(string output, string expected)
    {
        var message = StartFailure.Explain("it does not start", output, "/x/postgres.log").Message;

        Assert.StartsWith("it does not start: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void An_endless_line_is_cut() =>
        Assert.InRange(StartFailure.Explain("it does not start", "FATAL: " + new string('x', 100_000), "/x").Message.Length, 1, 600);
}
