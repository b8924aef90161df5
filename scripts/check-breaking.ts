// The contract of this tree breaks nothing that main promises.
import { spawnSync } from "node:child_process";

const base = ["origin/main", "main"].find(
  (ref) => spawnSync("git", ["cat-file", "-e", `${ref}:buf.yaml`]).status === 0,
);
if (base === undefined) throw new Error("no main to compare the contract with: fetch it first");

const { status } = spawnSync("buf", ["breaking", "--against", `.git#ref=${base}`], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
