-- What the SSH keys of rented instances follow from: one secret of the installation, sealed like those of people, and none of theirs.
create table orchestrator.reach_secret (
    only_one boolean primary key default true check (only_one),
    ciphertext text not null,
    key_id text not null
);
