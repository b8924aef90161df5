import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { openServer } from "../call-services.ts";
import { fileText } from "../flag-values.ts";
import { at, textOf } from "../json.ts";
import type { CarryOut } from "../local-command.ts";
import { writeOut } from "./write-out.ts";

/** Has a request file answered by activation. */
export const answerRequestFile: CarryOut = async (run) => {
  await using activation = await openServer(run.server("activation"));
  const answer = await activation.call("OfflineService.answerOfflineRequest", {
    requestId: newUuid(systemClock, systemRandom),
    requestFile: fileText(run.argument ?? ""),
  });
  const responseFile = textOf(answer["responseFile"]);
  // A machine that gave its license back waits for nothing.
  if (responseFile === "") return at(answer, "installation");
  await writeOut(run, responseFile);
  return run.given["out"] === undefined ? undefined : at(answer, "installation");
};

/** Asks activation for the vendor file. */
export const writeVendorFile: CarryOut = async (run) => {
  await using activation = await openServer(run.server("activation"));
  const { vendorFile } = await activation.call("OfflineService.getVendorFile", {});
  await writeOut(run, textOf(vendorFile));
  return undefined;
};
