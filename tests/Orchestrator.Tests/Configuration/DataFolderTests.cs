using Orchestrator.Engine.Configuration;
using Xunit;

namespace Orchestrator.Tests.Configuration;

public sealed class DataFolderTests
{
    private static readonly UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Theory]
    [InlineData("/given", "/variable", "/xdg", "/home/u", false, "/given")]
    [InlineData("/given", null, null, null, true, "/given")]
    [InlineData(null, "/variable", "/xdg", "/home/u", false, "/variable")]
    [InlineData(null, "/variable", "/xdg", "/root", true, "/variable")]
    [InlineData(null, "", "/xdg", "/home/u", false, "/xdg/orchestrator")]
    [InlineData(null, null, "/xdg", "/root", true, "/var/lib/orchestrator")]
    [InlineData(null, null, "relative", "/home/u", false, "/home/u/.local/share/orchestrator")]
    [InlineData(null, null, null, "/home/u", false, "/home/u/.local/share/orchestrator")]
    public void The_option_comes_before_the_variable_and_both_before_the_place_that_fits_the_user(
        string? given, string? variable, string? xdg, string? home, bool isRoot, string expected)
    {
        var folder = DataFolder.Resolve(given, name => name switch { DataFolder.Variable => variable, "XDG_DATA_HOME" => xdg, "HOME" => home, _ => null }, isRoot);

        Assert.Equal(expected, folder.Root);
    }

    [Fact]
    public void Without_any_hint_the_options_are_named()
    {
        Assert.Contains("--data", Assert.Throws<DataFolderException>(() => DataFolder.Resolve(null, _ => null, false)).Message, StringComparison.Ordinal);
        Assert.Contains("--data", Assert.Throws<DataFolderException>(() => DataFolder.Resolve("", _ => null, false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_created_with_its_parents_and_nobody_else_can_look_into_it()
    {
        using var temporary = new TemporaryFolder();

        var folder = DataFolder.Create(temporary.File("a/b/data"));

        Assert.Equal(Environment.IsPrivilegedProcess ? Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Owner, File.GetUnixFileMode(folder.Root));
        foreach (var part in new[] { folder.Logs, folder.Run, folder.Store, folder.Instances })
        {
            Assert.Equal(Owner, File.GetUnixFileMode(part));
            Assert.StartsWith(folder.Root + "/", part, StringComparison.Ordinal);
        }

        DataFolder.Create(folder.Root);
    }

    [Fact]
    public void A_folder_with_other_things_in_it_keeps_its_mode()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("theirs"), "x");

        DataFolder.Create(temporary.Path);

        Assert.Equal(Owner, File.GetUnixFileMode(temporary.Path));
    }

    [Fact]
    public void A_file_in_its_place_is_named()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("data"), "x");

        Assert.Contains(temporary.File("data"), Assert.Throws<DataFolderException>(() => DataFolder.Create(temporary.File("data"))).Message, StringComparison.Ordinal);
    }
}
