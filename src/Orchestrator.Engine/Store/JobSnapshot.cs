using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>A job as a tick loads it.</summary>
/// <param name="State">Fold of its events.</param>
/// <param name="Inbox">Rows no tick has handled, oldest first, bounded.</param>
/// <param name="SpecJson">The expanded spec, <c>JobSpec</c> as JSON.</param>
public sealed record JobSnapshot(JobState State, ImmutableArray<InboxItem> Inbox, string SpecJson);
