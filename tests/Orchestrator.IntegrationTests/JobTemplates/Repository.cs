namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>The checkout the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Orchestrator.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("the tests run outside of their repository: no Orchestrator.sln above them");
    }
}
