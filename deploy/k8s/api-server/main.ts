/*
 * `pnpm k8s:dry-run [--here] [--json]`: has an API server of Kubernetes say what it thinks of every overlay and every other
 * combination of components: a dry run on the server, in which every error and every warning counts. Asks the cluster of kubectl's
 * current context, which has to have the namespace and the custom resources; with --here, a server that is built and started on
 * this machine. With --json the last line is `{"ok", "figures", "failures"}`.
 */
import { COMBINATIONS } from "../tests/combinations.ts";
import { watchLaunchers } from "../../../packages/testkit/src/index.ts";
import { binaries } from "./binaries.ts";
import { definitionFiles } from "./definitions.ts";
import { judge, type Kubectl, kubectl, overlooked } from "./judge.ts";
import { startApiServer } from "./running-server.ts";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

await using stack = new AsyncDisposableStack();
const run = process.argv.includes("--here") ? await ownServer(stack) : kubectl("kubectl");
const told = JSON.parse(must(run(["version", "--output=json"]))) as {
  readonly serverVersion: { readonly gitVersion: string };
};
console.log(`kube-apiserver ${told.serverVersion.gitVersion}`);

const failures = [...overlooked(run)];
let accepted = 0;
for (const name of COMBINATIONS) {
  const judgement = judge(run, name);
  const { objections } = judgement;
  console.log(
    `${objections.length === 0 ? "✓" : "✗"} ${name}: ${judgement.accepted} objects accepted, ${objections.length} objections`,
  );
  failures.push(...objections.map((objection) => `${name}: ${objection}`));
  accepted += judgement.accepted;
}
const ok = failures.length === 0 && accepted > 0;
for (const failure of failures) console.log(`✗ ${failure}`);
const figures = { combinations: COMBINATIONS.length, accepted, objections: failures.length };
if (process.argv.includes("--json")) console.log(JSON.stringify({ ok, figures, failures }));
process.exitCode = ok ? 0 : 1;

/** A server of this machine, with everything that the manifests take for granted. */
async function ownServer(owner: AsyncDisposableStack): Promise<Kubectl> {
  const built = binaries();
  const server = owner.use(await startApiServer(built));
  const own = kubectl(built.kubectl, server.kubeconfig);
  const files = definitionFiles().flatMap((file) => ["--filename", file]);
  must(own(["apply", "--server-side", ...files]));
  must(own(["wait", "--for=condition=Established", "customresourcedefinition", "--all"]));
  must(own(["apply", "--filename", new URL("../base/namespace.yaml", import.meta.url).pathname]));
  // Pods are looked at as well, and no controller makes the account that they would have.
  must(own(["create", "serviceaccount", "default", "--namespace=leasehold"]));
  return own;
}

function must({ status, stdout, stderr }: ReturnType<Kubectl>): string {
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
