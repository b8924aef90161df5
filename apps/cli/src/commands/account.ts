import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { fileText, nameIn } from "../flag-values.ts";

const NAME = { name: "account", path: "name", read: nameIn("accounts") };
const INVITATION = { name: "invitation", path: "name" };
const JOIN_REQUEST = { name: "join-request", path: "name" };

const IDENTITY: readonly Flag[] = [
  {
    spelling: "--issuer-url <url>",
    path: "identity.issuer",
    required: true,
    help: "who tells who they are",
  },
  {
    spelling: "--subject <subject>",
    path: "identity.subject",
    required: true,
    help: "who they are there",
  },
];

function customer(path: string): Flag {
  return {
    spelling: "--customer <customer>",
    path,
    read: nameIn("customers"),
    required: true,
    help: "the customer",
  };
}

function role(path: string): Flag {
  return { spelling: "--role <role>", path, required: true, help: "ADMINISTRATOR or USER" };
}

const SOMEONE = "accounts/01890a5d-ac96-774b-bcce-b302099a8057";
const SOME_CUSTOMER = "customers/01890a5d-ac96-774b-bcce-b302099a8058";
const SIGN_IN = "--issuer-url https://login.example.com --subject ada";

export const ACCOUNT: CommandGroup = {
  name: "account",
  summary: "people, their customers, invitations and requests to join",
  commands: [
    {
      verb: "create",
      kind: "change",
      method: "AccountService.createAccount",
      summary: "Creates an account",
      example: `--display-name "Ada Lovelace" --email ada@example.com ${SIGN_IN}`,
      flags: [
        { spelling: "--display-name <text>", path: "account.displayName", help: "who it is" },
        { spelling: "--email <address>", path: "account.email", help: "where mail reaches them" },
        ...IDENTITY,
      ],
      show: "account",
    },
    {
      verb: "get",
      kind: "read",
      method: "AccountService.getAccount",
      summary: "Shows an account",
      example: SOMEONE,
      argument: NAME,
      show: "account",
    },
    {
      verb: "find",
      kind: "read",
      method: "AccountService.findAccount",
      summary: "Shows the account of an identity",
      example: SIGN_IN,
      flags: IDENTITY,
      show: "account",
    },
    {
      verb: "list",
      kind: "list",
      method: "AccountService.listAccounts",
      summary: "Lists accounts",
      example: "--filter 'email = \"ada@example.com\"'",
      show: "accounts",
      columns: ["name", "displayName", "email", "createTime"],
    },
    {
      verb: "link-identity",
      kind: "change",
      method: "AccountService.linkIdentity",
      summary: "Adds a way to sign in",
      example: `${SOMEONE} ${SIGN_IN}`,
      argument: NAME,
      flags: IDENTITY,
      show: "account",
    },
    {
      verb: "unlink-identity",
      kind: "change",
      method: "AccountService.unlinkIdentity",
      summary: "Takes a way to sign in away",
      example: `${SOMEONE} ${SIGN_IN}`,
      argument: NAME,
      flags: IDENTITY,
      show: "account",
    },
    {
      verb: "set-membership",
      kind: "change",
      method: "AccountService.setMembership",
      summary: "Makes an account a member of a customer, or changes its role there",
      example: `${SOMEONE} --customer ${SOME_CUSTOMER} --role ADMINISTRATOR`,
      argument: NAME,
      flags: [customer("customer"), role("role")],
      show: "account",
      why: true,
    },
    {
      verb: "remove-membership",
      kind: "destroy",
      method: "AccountService.removeMembership",
      summary: "Takes an account out of a customer",
      example: `${SOMEONE} --customer ${SOME_CUSTOMER} --why "left the company"`,
      argument: NAME,
      flags: [customer("customer")],
      show: "account",
      why: true,
    },
    {
      verb: "invite",
      kind: "change",
      method: "AccountService.createInvitation",
      summary: "Invites somebody to a customer; its secret is printed this once",
      example: `--customer ${SOME_CUSTOMER} --email ada@example.com --role USER`,
      flags: [
        customer("parent"),
        {
          spelling: "--email <address>",
          path: "invitation.email",
          required: true,
          help: "who is invited",
        },
        role("invitation.role"),
      ],
    },
    {
      verb: "accept-invitation",
      kind: "change",
      method: "AccountService.acceptInvitation",
      summary: "Accepts an invitation for an account",
      example: `${SOMEONE} --secret-file invitation.txt`,
      argument: { ...NAME, path: "account" },
      flags: [
        {
          spelling: "--secret-file <file>",
          path: "secret",
          read: fileText,
          required: true,
          help: "the file that the invitation's secret is in; - for standard input",
        },
      ],
      show: "account",
    },
    {
      verb: "withdraw-invitation",
      kind: "change",
      method: "AccountService.withdrawInvitation",
      summary: "Takes an invitation back",
      example: `${SOME_CUSTOMER}/invitations/01890a5d-ac96-774b-bcce-b302099a8059`,
      argument: INVITATION,
      show: "invitation",
      why: true,
    },
    {
      verb: "list-invitations",
      kind: "list",
      method: "AccountService.listInvitations",
      summary: "Lists the invitations of a customer",
      example: `--customer ${SOME_CUSTOMER} --filter 'state = OPEN'`,
      flags: [customer("parent")],
      show: "invitations",
      columns: ["name", "email", "role", "state", "expireTime"],
    },
    {
      verb: "request-to-join",
      kind: "change",
      method: "AccountService.requestToJoin",
      summary: "Asks for an account to join the customer with a reference id, if there is one",
      example: `${SOMEONE} --reference-id ACME`,
      argument: { ...NAME, path: "account" },
      flags: [
        {
          spelling: "--reference-id <id>",
          path: "referenceId",
          required: true,
          help: "the customer's",
        },
      ],
    },
    {
      verb: "approve-join-request",
      kind: "change",
      method: "AccountService.approveJoinRequest",
      summary: "Lets somebody join who asked to",
      example: `${SOME_CUSTOMER}/joinRequests/01890a5d-ac96-774b-bcce-b302099a8059 --role USER`,
      argument: JOIN_REQUEST,
      flags: [role("role")],
      show: "joinRequest",
      why: true,
    },
    {
      verb: "decline-join-request",
      kind: "change",
      method: "AccountService.declineJoinRequest",
      summary: "Does not let somebody join who asked to",
      example: `${SOME_CUSTOMER}/joinRequests/01890a5d-ac96-774b-bcce-b302099a8059`,
      argument: JOIN_REQUEST,
      show: "joinRequest",
      why: true,
    },
    {
      verb: "list-join-requests",
      kind: "list",
      method: "AccountService.listJoinRequests",
      summary: "Lists who asked to join a customer",
      example: `--customer ${SOME_CUSTOMER}`,
      flags: [customer("parent")],
      show: "joinRequests",
      columns: ["name", "account", "state", "createTime"],
    },
  ],
};
