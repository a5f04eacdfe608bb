using Xunit;

namespace Orchestrator.Tests.Architecture;

public sealed class MigrationTests
{
    [Fact]
    public void Migrations_are_numbered_one_by_one_so_that_two_of_one_day_have_an_order()
    {
        var folder = Path.Combine(Path.GetDirectoryName(DependencyTests.Source())!, "src", "Orchestrator.Engine", "Store", "Migrations");

        var numbers = Directory.GetFiles(folder, "*.sql").Select(file => Path.GetFileName(file)[..5]).Order(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number:D4}_"), numbers);
    }
}
