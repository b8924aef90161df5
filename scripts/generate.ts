// Makes what is generated from the contract anew: TypeScript by buf, and the list of
// error reasons, which the kernel needs without importing the contract.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

execFileSync("buf", ["generate"], { stdio: "inherit" });

const { ErrorReason } =
  await import("../packages/contracts/src/gen/leasehold/errors/v1/error_reason.ts");
const reasons = Object.keys(ErrorReason).filter((reason) => reason !== "UNSPECIFIED");
writeFileSync(
  new URL("../packages/kernel/src/error-reason.gen.ts", import.meta.url),
  `// Generated from proto/leasehold/errors/v1/error_reason.proto by \`pnpm generate\`.

/** Every reason why a call can fail, as the contract names them. */
export const ERROR_REASONS = [
${reasons.map((reason) => `  "${reason}",\n`).join("")}] as const;

/** Why a call failed; the contract tells what each means. */
export type ErrorReason = (typeof ERROR_REASONS)[number];
`,
);
