namespace Orchestrator.Providers.SshHost;

/// <summary>What the agent needs of a machine, to be asked by the machine's own shell before the agent is copied there.</summary>
/// <param name="Script">For <c>sh</c>: folder, glibc and megabytes are its arguments; exit code 0 = fit, 10 to 15 = not, for the reason it prints.</param>
/// <param name="Glibc">Oldest C library.</param>
/// <param name="Megabytes">Least free space.</param>
public sealed record AgentNeeds(string Script, string Glibc, long Megabytes);
