-- What cards cost over time, per provider and capacity type. Sums over the looks of an hour, so that rows can be added up: the hours
-- of a month ago become days.
create table orchestrator.offer_prices (
    per_day       boolean not null,
    at            timestamptz not null,
    -- Empty = offers without a GPU.
    gpu           text not null,
    capacity      text not null,
    provider      text not null,
    looks         bigint not null,
    offers        bigint not null,
    -- Dollars per card and hour.
    lowest_micros bigint not null,
    median_micros bigint not null,
    primary key (per_day, at, gpu, capacity, provider)
);

-- When the market was last looked at for that, by whichever server.
create table orchestrator.offer_looks (
    one boolean primary key default true check (one),
    at  timestamptz not null
);
