import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { nameIn } from "../flag-values.ts";

const NAME = { name: "account", path: "account", read: nameIn("accounts") };
const ROLE: Flag = {
  spelling: "--role <role>",
  path: "role",
  required: true,
  help: "OWNER, LICENSING_ADMIN, SUPPORT, AUDITOR or KEY_CUSTODIAN",
};
const SOMEONE = "accounts/01890a5d-ac96-774b-bcce-b302099a8057";

export const ADMINISTRATOR: CommandGroup = {
  name: "administrator",
  summary: "people of the vendor's, and what they may do",
  commands: [
    {
      verb: "create-bootstrap-token",
      kind: "local",
      summary: "Makes the token that makes the first owner, for ISSUER_BOOTSTRAP_TOKEN_FILE",
      example: "--out bootstrap-token",
      flags: [
        {
          spelling: "--out <file>",
          help: "write to a new file that you alone may read",
          required: true,
        },
      ],
      calls: [],
      load: async () => (await import("../local/bootstrap.ts")).createBootstrapToken,
    },
    {
      verb: "bootstrap",
      kind: "local",
      summary: "Makes you, who is logged in, the first owner of the deployment",
      example: "--bootstrap-token-file bootstrap-token",
      flags: [
        {
          spelling: "--bootstrap-token-file <file>",
          required: true,
          help: "the file that the bootstrap token is in; - for standard input",
        },
        {
          spelling: "--display-name <text>",
          help: "who you are, unless you have an account or the provider knows",
        },
      ],
      calls: [
        "RegistrationService.getMyAccount",
        "RegistrationService.register",
        "AdministratorService.becomeFirstOwner",
      ],
      load: async () => (await import("../local/bootstrap.ts")).bootstrap,
    },
    {
      verb: "grant",
      kind: "change",
      method: "AdministratorService.grantRole",
      summary: "Gives somebody who has an account a role",
      example: `--account ${SOMEONE} --role SUPPORT --why "joined the help desk"`,
      flags: [
        {
          spelling: "--account <account>",
          path: "account",
          read: nameIn("accounts"),
          help: "who it is; or say --issuer-url and --subject",
        },
        {
          spelling: "--issuer-url <url>",
          path: "identity.issuer",
          help: "who tells who they are",
        },
        { spelling: "--subject <subject>", path: "identity.subject", help: "who they are there" },
        ROLE,
      ],
      show: "administrator",
      why: true,
    },
    {
      verb: "revoke",
      kind: "destroy",
      method: "AdministratorService.revokeRole",
      summary: "Takes a role from somebody; the last owner stays",
      example: `${SOMEONE} --role SUPPORT --why "left the company"`,
      argument: NAME,
      flags: [ROLE],
      show: "administrator",
      why: true,
    },
    {
      verb: "list",
      kind: "list",
      method: "AdministratorService.listAdministrators",
      summary: "Lists who has a role",
      example: "--output yaml",
      show: "administrators",
      columns: ["account", "displayName", "email", "grants"],
    },
  ],
};
