// `pnpm sboms`: what each service and app is made of, as CycloneDX, in dist/sbom. Of the time SOURCE_DATE_EPOCH.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { sbomFaults } from "./supply/sbom-faults.ts";
import { stableSbom, type UnstableBom } from "./supply/stable-sbom.ts";

const FOLDER = `${process.cwd()}/dist/sbom`;
const SHIPPED = ["services/issuer", "services/activation", "services/seat-broker", "apps/cli"];

const epoch = Number(process.env["SOURCE_DATE_EPOCH"] ?? Math.floor(Date.now() / 1_000));

const json = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

mkdirSync(FOLDER, { recursive: true });
for (const folder of SHIPPED) {
  const { dependencies } = json(`${folder}/package.json`) as { dependencies: object };
  const name = folder.slice(folder.indexOf("/") + 1);
  const out = `${FOLDER}/${name}.cdx.json`;
  const what = `--filter @leasehold/${name} sbom --prod --sbom-format cyclonedx --sbom-type application`;
  execFileSync("pnpm", [...what.split(" "), "--out", out]);
  const stable = stableSbom(json(out) as UnstableBom, epoch);
  writeFileSync(out, `${JSON.stringify(stable, undefined, 2)}\n`);
  const direct = Object.keys(dependencies).map((one) => one.replace(/^@[^/]+\//, ""));
  const faults = sbomFaults(json(out) as Parameters<typeof sbomFaults>[0], name, direct);
  for (const fault of faults) console.error(`${name}: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
  else console.log(out);
}
