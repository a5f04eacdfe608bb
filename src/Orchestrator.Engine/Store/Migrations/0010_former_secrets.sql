-- Values that a live job's trainer may still hold after the secret was set anew: its log is masked with them as well.
create table orchestrator.former_secrets (
    name        text not null,
    ciphertext  text not null,
    key_id      text not null,
    replaced_at timestamptz not null default now(),
    primary key (name, ciphertext)
);
