import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The programs that one API server takes, by their paths. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
  /** Of Kubernetes, for example `v1.37.2`. */
  readonly version: string;
}

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CACHE = fileURLToPath(new URL("../../../.cache/kubernetes/", import.meta.url));

/**
 * Builds them from source, with Go, through its module proxy: what `go.mod` beside this file says. Takes minutes the first time.
 * @throws Error with the compiler's words, or if there is no Go
 */
export function binaries(): Binaries {
  const version = versionOf(readFileSync(join(HERE, "go.mod"), "utf8"));
  const folder = join(CACHE, version);
  const built = {
    etcd: join(folder, "server"), // go names it after its package
    apiServer: join(folder, "kube-apiserver"),
    kubectl: join(folder, "kubectl"),
    version,
  };
  if (![built.etcd, built.apiServer, built.kubectl].every((path) => existsSync(path)))
    build(folder, version);
  return built;
}

/** The version of Kubernetes that a go.mod asks for. */
function versionOf(goMod: string): string {
  const version = /^\s*(?:require )?k8s\.io\/kubernetes (v\d+\.\d+\.\d+)/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error("go.mod asks for no version of Kubernetes");
  return version;
}

function build(folder: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  const [major, minor] = version.slice(1).split(".");
  const told = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(told).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  const args = ["build", "-trimpath", `-ldflags=-s -w ${flags.join(" ")}`, "-o", folder, "tool"];
  const run = spawnSync("go", args, {
    cwd: HERE,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  if (run.error) throw new Error(`Go is needed to build Kubernetes: ${run.error.message}`);
  if (run.status !== 0) throw new Error("Kubernetes could not be built");
}
