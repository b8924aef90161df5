-- Why a revision was made, in the words of whoever made it; empty if they gave none.
alter table license_revision add column why text not null default ''
  check (char_length(why) <= 500);
