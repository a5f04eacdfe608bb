using Orchestrator.Server.Cli;

return await CommandLine.RunAsync(args, Terminal.System());
