#!/bin/sh
# Run once by the image of Postgres: a database for each service, owned by a role of its own that nobody else shares.
set -eu

make_database() {
  name=$1
  # Only psql sees the password; it is quoted there.
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres \
    --set=name="$name" --set=password="$(cat "$2")" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}

make_database issuer /run/secrets/issuer-database-password
make_database activation /run/secrets/activation-database-password
make_database seat_broker /run/secrets/seat-broker-database-password
