import type { CommandGroup } from "../command-group.ts";
import type { LocalCommand, LocalFlag } from "../local-command.ts";

const PROVIDER: LocalFlag = {
  spelling: "--provider <url>",
  help: "with whom to sign in, if there are several",
};
const DISPLAY_NAME: LocalFlag = {
  spelling: "--display-name <text>",
  help: "who you are, unless the provider knows",
};

export const LOGIN: LocalCommand = {
  verb: "login",
  kind: "local",
  summary: "Signs you in, by a browser on this or another machine",
  example: "--provider https://login.example.com",
  flags: [PROVIDER],
  calls: ["RegistrationService.listIdentityProviders"],
  load: async () => (await import("../local/login.ts")).login,
};

export const LOGOUT: LocalCommand = {
  verb: "logout",
  kind: "local",
  summary: "Forgets who is signed in on this machine",
  example: "",
  calls: [],
  load: async () => (await import("../local/login.ts")).logout,
};

export const WHOAMI: LocalCommand = {
  verb: "whoami",
  kind: "local",
  summary: "Shows who you are, and for which customers you act",
  example: "",
  calls: ["RegistrationService.getMyAccount"],
  load: async () => (await import("../local/person.ts")).whoAmI,
};

export const REGISTER: LocalCommand = {
  verb: "register",
  kind: "local",
  summary: "Gives you an account, and makes you administrator of a new customer",
  example: '--customer "Acme GmbH"',
  flags: [
    { spelling: "--customer <text>", help: "what the new customer is called; none if absent" },
    DISPLAY_NAME,
  ],
  calls: ["RegistrationService.register"],
  load: async () => (await import("../local/person.ts")).register,
};

export const JOIN: LocalCommand = {
  verb: "join",
  kind: "local",
  summary: "Asks to join the customer with a reference id, as a colleague told it",
  example: "7K3M9-Q2X8B",
  argument: { name: "reference-id" },
  flags: [DISPLAY_NAME],
  calls: [
    "RegistrationService.getMyAccount",
    "RegistrationService.register",
    "AccountService.requestToJoin",
  ],
  load: async () => (await import("../local/person.ts")).join,
};

export const LINK: LocalCommand = {
  verb: "link",
  kind: "local",
  summary: "Adds a second way to sign in to your account: you sign in with it once more",
  example: "--provider https://login.example.com",
  flags: [PROVIDER],
  calls: ["RegistrationService.listIdentityProviders", "RegistrationService.linkMyIdentity"],
  load: async () => (await import("../local/login.ts")).link,
};

export const INVITATION: CommandGroup = {
  name: "invitation",
  summary: "invitations that you were sent",
  commands: [
    {
      verb: "accept",
      kind: "local",
      summary: "Accepts an invitation that was sent to your email address",
      example: "--secret-file invitation.txt",
      flags: [
        {
          spelling: "--secret-file <file>",
          required: true,
          help: "the file that the invitation's secret is in; - for standard input",
        },
        DISPLAY_NAME,
      ],
      calls: [
        "RegistrationService.getMyAccount",
        "RegistrationService.register",
        "AccountService.acceptInvitation",
      ],
      load: async () => (await import("../local/person.ts")).acceptInvitation,
    },
  ],
};
