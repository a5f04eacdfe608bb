using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.Tests.Embedded;

public sealed class PostmasterFileTests
{
    [Fact]
    public void Pid_and_socket_folder_are_read() =>
        Assert.Equal(new(4711, "/run/x"), PostmasterFile.Parse("4711\n/data\n1700000000\n5432\n/run/x\n\n  123 456\nready   \n"));

    [Fact]
    public void A_file_that_is_still_being_written_tells_the_pid_only() => Assert.Equal(new(4711, null), PostmasterFile.Parse("4711\n/data\n"));

    [Fact]
    public void A_single_user_session_counts_as_a_user_of_the_data() => Assert.Equal(new(4711, null), PostmasterFile.Parse("-4711\n"));

    [Theory]
    [InlineData("")]
    [InlineData("0\n")]
    [InlineData("rubbish\n")]
    public void Rubbish_is_no_postmaster(string text) => Assert.Null(PostmasterFile.Parse(text));

    [Fact]
    public void No_file_is_no_postmaster() => Assert.Null(PostmasterFile.Read("/no/such/file"));
}
