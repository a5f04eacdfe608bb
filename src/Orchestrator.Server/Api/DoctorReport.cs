using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

public sealed record DoctorReport(ImmutableArray<DoctorCheck> Checks);
