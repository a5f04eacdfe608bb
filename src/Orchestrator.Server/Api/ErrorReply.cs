using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Every refusal of the API.</summary>
/// <param name="Error">One line: what and where.</param>
/// <param name="WhatToDo">One line.</param>
/// <param name="Problems">A spec's problems; null for other errors.</param>
public sealed record ErrorReply(string Error, string WhatToDo, ImmutableArray<SpecProblem>? Problems = null);
