using Orchestrator.Agent;
using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Supervising;
using Orchestrator.Agent.Training;

var command = args.Length > 0 ? args[0] : "";
var options = CommandLine.Parse(args.AsSpan(Math.Min(1, args.Length)), out var problem);
if (problem is not null)
{
    StandardStreams.Error($"orchestrator-agent: {problem}");
    return 2;
}

switch (command)
{
    case "version":
        StandardStreams.Output(AgentVersion.Text);
        return 0;
    case "supervise" when options.Root is not null && options.Label is not null:
        return options.Detach ? Detacher.Run(options.Root, options.Label, options.Container, options.Owner) : new Supervisor(new AgentFolder(options.Root, options.Container), options.Label, options.Owner).Run();
    case "run" when options.Root is not null:
        return await AgentHost.RunAsync(new AgentFolder(options.Root, options.Container), options);
    case "attach" when options.Root is not null:
        return await AttachClient.RunAsync(new AgentFolder(options.Root));
    case "alive" when options.Root is not null:
        return AliveLock.Run(new AgentFolder(options.Root));
    case "verify" when options.Hash is not null:
        return await SelfCheck.RunAsync(options.Hash);
    case "exec-trainer":
        return TrainerWrapper.Run();
    case "destroy" when options.Root is not null:
        return Destroyer.Run(new AgentFolder(options.Root));
    case "hand-over" when options.Root is not null && options.Owner > 0:
        return HandOver.Run(new AgentFolder(options.Root), options.Owner);
    default:
        StandardStreams.Error(
            "usage: orchestrator-agent supervise --root DIR --label LABEL [--owner N] [--detach] [--container] | hand-over --root DIR --owner N | run --root DIR | attach --root DIR | alive --root DIR | destroy --root DIR | verify --hash XXH128 | version");
        return 2;
}
