-- A Merkle tree over the log (RFC 6962). The log's own id tells one log from another.
create table if not exists bookkeeping.chain_log (
    one    boolean not null primary key default true check (one),
    origin uuid    not null default gen_random_uuid()
);
-- The tree in tiles of up to 256 hashes of 32 bytes. Level 0 holds the hashes of leaves and the positions of their events.
do $$ begin
    if to_regclass('bookkeeping.chain_tiles') is null then
        create table bookkeeping.chain_tiles (
            level     integer        not null,
            number    bigint         not null,
            hashes    bytea          not null,
            positions int8multirange null,
            primary key (level, number)
        );
        create index chain_tiles_positions on bookkeeping.chain_tiles (lower(positions)) where level = 0;
        -- Hashes do not compress.
        alter table bookkeeping.chain_tiles alter column hashes set storage external;
    end if;
end $$;
-- Signed heads, also written to a file outside the database.
create table if not exists bookkeeping.chain_heads (
    size      bigint      not null primary key,
    root      text        not null,
    position  bigint      not null,
    sealed    timestamptz not null,
    key       text        not null,
    signature text        not null
);
-- Signed changes of sealed events: their leaves stay in the tree, and the new form is accepted in their place.
create table if not exists bookkeeping.chain_redactions (
    position  bigint      not null,
    number    integer     not null,
    old_hash  bytea       not null,
    new_hash  bytea       not null,
    reason    text        not null,
    redacted  timestamptz not null,
    key       text        not null,
    signature text        not null,
    primary key (position, number)
);
