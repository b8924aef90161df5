import { writeFileSync } from "node:fs";
import { systemRandom } from "@leasehold/kernel";
import { newBootstrapToken } from "@leasehold/license-format";
import { openServer } from "../call-services.ts";
import { fileText } from "../flag-values.ts";
import type { CarryOut } from "../local-command.ts";
import { UsageError } from "../usage-error.ts";
import { haveAccount, textOf } from "./person.ts";
import { newRequestId } from "./request-id.ts";

/** Makes a bootstrap token. It is in the file and nowhere else. */
// oxlint-disable-next-line typescript/require-await -- writing is immediate, the interface is not
export const createBootstrapToken: CarryOut = async (run) => {
  const path = textOf(run, "out");
  try {
    writeFileSync(path, `${newBootstrapToken(systemRandom)}\n`, { flag: "wx", mode: 0o600 });
  } catch (thrown) {
    throw new UsageError(`cannot write ${path}: ${thrown instanceof Error ? thrown.message : "?"}`);
  }
  run.terminal.err(
    `in ${path}; start the issuer with ISSUER_BOOTSTRAP_TOKEN_FILE, and say leasehold administrator bootstrap\n`,
  );
  return undefined;
};

/** Makes whoever is logged in the first owner, with an account if there is none yet. */
export const bootstrap: CarryOut = async (run) => {
  const bootstrapToken = fileText(textOf(run, "bootstrapTokenFile"));
  await using server = await openServer(run.server("issuer"));
  await haveAccount(server, run);
  const request = { requestId: newRequestId(), bootstrapToken };
  const { administrator } = await server.call("AdministratorService.becomeFirstOwner", request);
  run.terminal.err("you are the owner; the token is of no use any more, delete its file\n");
  return administrator;
};
