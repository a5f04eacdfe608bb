using System.Collections.Immutable;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>How a person's command gets into the container of an instance, from a shell on its machine.</summary>
public static class ContainerEntry
{
    private const string Script = DockerCommand.By + "t=; if [ -t 0 ]; then t=-t; fi; exec $by docker exec -i $t \"$@\"";

    /// <summary>What the command is put behind; with a terminal where there is one.</summary>
    public static ImmutableArray<string> Of(string instanceId) => ["sh", "-c", Script, "sh", ContainerSettings.Name(ContainerSettings.Instance(instanceId))];
}
