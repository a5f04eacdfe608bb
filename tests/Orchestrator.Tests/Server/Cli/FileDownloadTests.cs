using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class FileDownloadTests
{
    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void A_path_that_leaves_the_folder_is_refused(string path)
    {
        Assert.Throws<CliException>(() => FileDownload.TargetOf("/tmp/to", path));
    }

    [Fact]
    public void A_plain_path_lies_below_the_folder()
    {
        Assert.Equal("/tmp/to/step-100/model.bin", FileDownload.TargetOf("/tmp/to", "step-100/model.bin"));
    }
}
