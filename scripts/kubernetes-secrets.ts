/*
 * `pnpm --silent kubernetes-secrets <folder> | kubectl apply --namespace leasehold --filename -`: the Secrets of a deployment, from
 * a folder that `pnpm make-secrets` filled. Where a store of secrets keeps them, deploy/k8s/components/external-secrets is instead.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SECRET_FILES } from "../deploy/secret-files.ts";

const [folder] = process.argv.slice(2).filter((argument) => argument !== "--");
if (folder === undefined) {
  console.error("usage: kubernetes-secrets <folder>");
  process.exitCode = 1;
} else {
  const items = Object.entries(SECRET_FILES).map(([name, files]) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    type: "Opaque",
    data: Object.fromEntries(
      Object.entries(files).map(([key, file]) => [
        key,
        readFileSync(join(folder, "secrets", file)).toString("base64"),
      ]),
    ),
  }));
  process.stdout.write(
    `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, undefined, 2)}\n`,
  );
}
