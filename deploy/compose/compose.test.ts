import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { combination } from "../k8s/tests/combinations.ts";
import { isService, settingFaults, someSecret } from "../settings/service-settings.ts";

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly mem_limit?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const read = (name: string) =>
  parse(readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8"), {
    merge: true,
    logLevel: "silent",
  }) as Compose;
const plain = read("compose.yaml");
const tls = read("compose.tls.yaml");

/** As compose puts two files on top of each other, as far as these two need it. */
function together(name: string): Required<Pick<Service, "environment" | "secrets">> {
  const [below, above] = [plain.services[name], tls.services[name]];
  return {
    environment: { ...below?.environment, ...above?.environment },
    secrets: [...(below?.secrets ?? []), ...(above?.secrets ?? [])],
  };
}

const names = Object.keys(plain.services).filter(isService);
const SETUPS = [
  ["in plaintext", plain.services],
  ["with TLS on top", Object.fromEntries(names.map((name) => [name, together(name)]))],
] as const;

/** What compose puts for `${NAME…}`. */
function filledIn(environment: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value
        .replace(/\$\{LEASEHOLD_TRUST_DOMAIN:-([a-z.]+)\}/, "$1")
        .replace(/\$\{LEASEHOLD_DEPLOYMENT[^}]*\}/, "licenses.example.com")
        .replace(/\$\{LEASEHOLD_TRUST_ROOT[^}]*\}/, someSecret("trust-root")),
    ]),
  );
}

test("the three services are there", () => {
  expect(names.toSorted()).toEqual(["activation", "issuer", "seat-broker"]);
});

test.each(SETUPS)("%s: services start with the settings that they are given", (_, services) => {
  for (const name of names) {
    const { environment, secrets = [] } = services[name]!;
    const faults = settingFaults(name, filledIn(environment), (path) => {
      const secret = path.replace("/run/secrets/", "");
      if (!secrets.includes(secret)) throw Object.assign(new Error(path), { code: "ENOENT" });
      return someSecret(secret.replace(`${name}-bearer`, "bearer"));
    });
    expect(faults).toEqual([]);
    const paths = Object.values(environment ?? {}).filter((value) => value.startsWith("/run/"));
    expect(paths.map((path) => path.replace("/run/secrets/", "")).toSorted()).toEqual(
      secrets.toSorted(),
    );
  }
});

test("every secret that is named has a file, and every file is used", () => {
  const named = [plain, tls].flatMap(({ services }) =>
    Object.values(services).flatMap(({ secrets = [] }) => secrets),
  );
  const files = Object.keys({ ...plain.secrets, ...tls.secrets });
  expect([...new Set(named)].toSorted()).toEqual(files.toSorted());
});

test("memory and heap are those of Kubernetes", () => {
  const containers = combination("demo")
    .filter(({ kind }) => kind === "Deployment")
    .map(({ spec }) => JSON.stringify(spec));
  for (const name of names) {
    const { environment, mem_limit: limit = "" } = plain.services[name]!;
    const deployment = containers.find((text) => text.includes(`"image":"leasehold/${name}:`));
    expect(deployment).toContain(`"value":"${environment?.["NODE_OPTIONS"]}"`);
    expect(deployment).toContain(
      `"limits":{"memory":"${limit.replace("m", "M").replace("g", "G")}i"`,
    );
  }
});

test("stores are of the versions that Kubernetes runs in the cluster", () => {
  const text = JSON.stringify(combination("demo"));
  for (const name of ["postgres", "redis"]) {
    const image = /:-(.+)\}$/.exec(plain.services[name]?.image ?? "")?.[1];
    expect(text).toContain(`"image":"${image}"`);
  }
});
