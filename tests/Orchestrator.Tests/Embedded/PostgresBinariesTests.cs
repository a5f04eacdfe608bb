using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.Tests.Embedded;

public sealed class PostgresBinariesTests
{
    private static readonly PostgresBinaries Old = new("/pg/12/bin", 12);
    private static readonly PostgresBinaries Fifteen = new("/pg/15/bin", 15);
    private static readonly PostgresBinaries Sixteen = new("/pg/16/bin", 16);

    [Fact]
    public void A_new_cluster_gets_the_newest_version() => Assert.Equal(Sixteen, PostgresBinaries.Choose([Fifteen, Sixteen, Old], null, "/d"));

    [Fact]
    public void Data_gets_the_version_that_wrote_it() => Assert.Equal(Fifteen, PostgresBinaries.Choose([Fifteen, Sixteen], 15, "/d"));

    [Fact]
    public void Without_any_usable_version_the_command_to_install_one_is_given()
    {
        Assert.Contains("apt install postgresql", Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Choose([], null, "/d")).Message, StringComparison.Ordinal);
        Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Choose([Old], null, "/d"));
    }

    [Fact]
    public void Data_of_a_version_that_is_gone_names_both()
    {
        var message = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Choose([Sixteen, Fifteen], 14, "/d")).Message;

        Assert.Contains("/d was written by PostgreSQL 14", message, StringComparison.Ordinal);
        Assert.Contains("only 15, 16", message, StringComparison.Ordinal);
        Assert.Contains("apt install postgresql-14", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_folders_with_both_programs_count()
    {
        using var folder = new TemporaryFolder();
        Install(folder.File("15/bin"), "postgres", "initdb");
        Install(folder.File("16/bin"), "psql", "initdb");
        Install(folder.File("rubbish/bin"), "postgres", "initdb");

        Assert.Equal([new(folder.File("15/bin"), 15)], PostgresBinaries.Installed([folder.Path, "/no/such/root"], null));
        Assert.Equal([new(folder.File("15/bin"), 15)], PostgresBinaries.Installed([], folder.File("15/bin")));
        Assert.Contains(PostgresBinaries.FolderVariable, Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Installed([], folder.File("16/bin"))).Message, StringComparison.Ordinal);
    }

    private static void Install(string bin, params string[] programs)
    {
        Directory.CreateDirectory(bin);
        foreach (var program in programs)
        {
            File.WriteAllText(Path.Combine(bin, program), "");
            File.SetUnixFileMode(Path.Combine(bin, program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
