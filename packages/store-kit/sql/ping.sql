-- One row if the database answers.
select true as alive
