-- The version of the application was kept twice: as told when unlocked, and as told by the last refresh. From
-- here on it is the installation's, as it was told last.
update installation set application_version = told.application_version
from installation_machine told
where told.installation = installation.id and installation.application_version = '';
alter table installation_machine drop column application_version;
