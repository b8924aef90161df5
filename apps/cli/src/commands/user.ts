import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";

const LICENSE = { name: "license", path: "parent" };
const USER: Flag = {
  spelling: "--user <name>",
  path: "user",
  help: "the user, as client applications tell it; letter case counts",
  required: true,
};

export const USERS: CommandGroup = {
  name: "user",
  summary: "the users that a license of the model NAMED_USER names",
  commands: [
    {
      verb: "assign",
      kind: "change",
      method: "NamedUserService.assignUser",
      summary: "Gives a user one of the license's places",
      example: "customers/CUSTOMER/licenses/LICENSE --user ada@example.com",
      argument: LICENSE,
      flags: [USER],
      show: "namedUser",
    },
    {
      verb: "unassign",
      kind: "destroy",
      method: "NamedUserService.unassignUser",
      summary:
        "Takes a user's place back: it loses its seats, and somebody else may be named at once",
      example: "customers/CUSTOMER/licenses/LICENSE --user ada@example.com",
      argument: LICENSE,
      flags: [USER],
      show: "namedUser",
    },
    {
      verb: "list",
      kind: "list",
      method: "NamedUserService.listNamedUsers",
      summary: "Lists the users that a license names",
      example: "customers/CUSTOMER/licenses/LICENSE --filter 'user = \"ada*\"' --order-by user",
      argument: LICENSE,
      show: "namedUsers",
      columns: ["user", "assignTime", "assignedBy"],
    },
  ],
};
