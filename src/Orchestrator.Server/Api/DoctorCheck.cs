namespace Orchestrator.Server.Api;

/// <param name="Area">machine, server, store, ...</param>
/// <param name="Level">ok, warning or bad.</param>
/// <param name="Text">One line.</param>
/// <param name="WhatToDo">One line where the level is not ok.</param>
public sealed record DoctorCheck(string Area, string Level, string Text, string? WhatToDo = null);
