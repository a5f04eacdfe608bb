using System.CommandLine;
using Orchestrator.Engine.Configuration;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>init</c>: a first configuration with everything in it commented out.</summary>
internal static class InitVerb
{
    private const string First = """
        # Configuration of the orchestrator's server. Everything has a default; take away a # to change one.
        # After a change: orchestrator server stop (jobs go on training; the next command starts it again).

        # server:
        #   listen: 127.0.0.1        # an address of this machine; a token is asked for everywhere
        #   port: 7433               # left out: 7433, or a free one where that is taken
        #   hosts: []                # names under which a browser may reach it, besides localhost
        #   database: Host=...;Database=...;Username=...   # left out: a private PostgreSQL in the data folder
        #   time-zone: Europe/Paris  # for times in specs whose submitter has none

        # machines:
        #   local:                   # this machine
        #     cpus: 4
        #     memory: 16GB
        #     price: $0.00/h         # what an hour of one CPU slot or GPU is worth; budgets count it
        #   lab-1:                   # a machine reached over SSH, by a name of yours; jobs may ask for ssh/lab-1
        #     address: 10.0.0.5
        #     port: 22
        #     user: ubuntu
        #     key: ~/.ssh/id_ed25519 # left out: the ssh-agent
        #     # its fingerprint; left out: the first one seen is remembered, and a changed one refused
        #     host-key: SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU
        #     jump: {address: gate.example.org, user: me, key: ~/.ssh/id_ed25519}
        #     root: ~/.orchestrator  # our folder there
        #     price: $1.10/h         # of the whole machine; an instance pays its share
        #     slots: 2               # instances at one time; left out: one per GPU, else one per CPU
        #     hours: 20:00..08:00    # when it may be used
        #     rented: yes            # from somebody without an API (GPUFlow, a friend): then expires must be said
        #     expires: 2026-12-24T18:00+01:00   # when it goes away; jobs are drained before that
        #     labels: [fast]         # jobs may ask for ssh/fast
        #     banned: no             # yes: nothing new begins there
        #     gone: no               # yes: it no longer exists, and what it held is gone with it

        # stores:                    # besides the folder "store" in the data folder
        #   lab:
        #     bucket: my-checkpoints
        #     prefix: team-a         # left out: the whole bucket
        #     endpoint: https://s3.example.org   # left out: Amazon S3
        #     region: eu-west-3
        #     profile: ceph          # aws, r2, b2, ceph or other; left out: by the endpoint's name
        #     credentials: {file: /etc/orchestrator/lab.keys}   # or {secret: NAME}, {profile: NAME}, environment
        #     egress-price: $0.09/GB
        #     default: true          # for jobs that name no store
        #   nas: {path: /mnt/nas}    # a folder

        # registries:                # where images come from that need a login; public ones need no entry
        #   acme:
        #     host: ghcr.io          # as images name it
        #     user: bot
        #     password: {secret: acme-registry}   # or {env: VARIABLE}, {file: /etc/orchestrator/registry.token}
        #     hosts: no              # yes: rented hosts, which pull by themselves, are given this login
        #   lab: {host: registry.lab.example:5000, ca: /etc/ssl/lab.pem}   # a private certificate authority

        # git:                       # logins for private repositories; they stay with the server
        #   github: {host: github.com, token: {secret: github}}   # for https URLs
        #   lab: {host: git.lab.example, key: /etc/orchestrator/git-key}   # for ssh URLs

        # hf:                        # the Hugging Face Hub
        #   token: {secret: hf-readonly}   # for gated and private repositories; hosts get signed URLs instead

        # accounts:                  # where jobs rent; budget.max-total bounds each of them
        #   vast:                    # Vast.ai
        #     key: {env: VAST_API_KEY}   # the default; or {secret: vast}, {file: /etc/orchestrator/vast.key}
        #     unverified: no         # yes: hosts that Vast.ai has not verified are offered as well
        #     limits: {max-instances: 2, max-hourly: $2/h, max-weekly: $40/week}   # of this account alone; as limits below
        #   runpod: {key: {env: RUNPOD_API_KEY}}   # RunPod, data centres and private hosts
        #   lambda: {key: {env: LAMBDA_API_KEY}}   # Lambda, whole machines

        # channels:                  # who is told; try them: orchestrator notify test
        #   phone: {kind: ntfy, topic: some-long-name-of-yours}   # the ntfy app subscribes to it; server: and token: for one of your own
        #   team: {kind: slack, url: {secret: slack-url}}         # or kind: discord
        #   bot: {kind: telegram, bot: {secret: telegram-bot}, chat: "12345678"}
        #   mail: {kind: email, server: smtp.example.org:587, user: me, password: {secret: smtp}, from: me@example.org, to: [me@example.org]}
        #   ops: {kind: webhook, url: https://ops.example.org/hook, key: {secret: hook-key}}   # signed: Orchestrator-Signature
        #   script: {kind: command, run: [/usr/local/bin/tell]}   # reads the message as JSON
        #   night:                   # with everything a channel may have
        #     kind: ntfy
        #     topic: another-name
        #     on: [fail, stuck, deadline, attention]   # left out: finish, fail, budget, stuck, deadline, balance, checkpoint-age, attention, report
        #     default: no            # only for jobs whose notify names it
        #     quiet: 23:00..07:00    # what is not urgent waits for the morning

        # report: Mon 09:00          # when the channels are told what the weekend came to, in time-zone above; never: not at all

        # limits:                    # over all jobs; new rentals wait for room, what runs is never ended for them
        #   max-hourly: $4/h         # all live instances together
        #   max-weekly: $50/week     # any seven days; a running job counts with what it may still cost: its budget, or a week at its price
        #   max-instances: 3         # at one time, own machines included

        # defaults:                  # any field of a job
        #   on-failure: {restarts: 1}

        """;

    internal static Command Create(Terminal terminal) => Verb.Create("init", "Write a first configuration and check this machine", terminal, async (context, cancellation) =>
    {
        DataFolder.Create(context.Folder.Root);
        var path = Path.Combine(context.Folder.Root, ServerConfiguration.FileName);
        var isNew = !File.Exists(path);
        if (isNew)
        {
            await File.WriteAllTextAsync(path, First, cancellation);
        }
        else
        {
            context.Configuration();
        }

        if (context.Json)
        {
            context.PrintJson(new { path, created = isNew });
            return ExitCodes.Done;
        }

        context.Print([isNew ? $"wrote {path}" : $"{path} is there and has no errors; it is left as it is"]);
        context.Print(Views.Tables.Doctor([.. MachineChecks.All(context.Folder)], terminal.Width, terminal.Paint));
        return ExitCodes.Done;
    });
}
