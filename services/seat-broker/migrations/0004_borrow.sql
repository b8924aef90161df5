-- Borrowed seats: a pool that lost its data is given them back, for their holders send no heartbeats.

create table borrow (
  license uuid not null references pool,
  -- As Redis knows the lease, and what it takes.
  lease text not null,
  claim text not null,
  fence bigint not null,
  overdraft boolean not null,
  installation uuid not null,
  -- What the holder told of itself, as a list: user, host, process, version, address. Personal data.
  holder jsonb not null,
  grant_time timestamptz not null,
  -- By the clock of this database: when the holder may rely on the seat no more, and when the
  -- seat is free.
  end_time timestamptz not null,
  free_time timestamptz not null,
  primary key (license, lease),
  constraint borrow_holder_listed check (jsonb_typeof(holder) = 'array'),
  constraint borrow_free_after_end check (free_time > end_time)
);

create index borrow_free on borrow (free_time);
