/** What is looked at of a `package.json`. */
export interface Manifest {
  /** Its folder, from the top of the repository. */
  readonly folder: string;
  readonly name: string;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly peerDependencies?: Versions;
  readonly scripts?: Versions;
  readonly engines?: { readonly node?: string };
}

/** Names of packages, or of scripts, and what is said of each. */
export type Versions = Readonly<Record<string, string>>;

/** What is looked at of `pnpm-workspace.yaml`. */
export interface Workspace {
  readonly catalog: Versions;
  readonly catalogs?: Readonly<Record<string, Versions>>;
  readonly allowBuilds: Readonly<Record<string, boolean>>;
  readonly packageExtensions?: Readonly<Record<string, { readonly dependencies?: Versions }>>;
  readonly overrides?: Versions;
  readonly nodeVersion?: string;
  readonly [setting: string]: unknown;
}

/** The licenses of what production code stands on, each with the packages that have it. */
export type DependencyLicenses = Readonly<
  Record<string, readonly { readonly name: string; readonly versions: readonly string[] }[]>
>;

/** All that the gates of the supply chain look at. */
export interface SupplyProject {
  /** Of the repository and of each of its packages. */
  readonly manifests: readonly Manifest[];
  readonly workspace: Workspace;
  /** `pnpm-lock.yaml` as text. */
  readonly lockfile: string;
  /** Of everything that is installed. */
  readonly installed: readonly Manifest[];
  readonly licenses: DependencyLicenses;
}

/** One thing that has to hold. */
export interface SupplyGate {
  readonly name: string;
  /** What breaks it, a line each; empty if it holds. */
  readonly faults: (project: SupplyProject) => readonly string[];
  /** The same project with one thing that breaks it: a gate that finds nothing there is blunt. */
  readonly broken: (project: SupplyProject) => SupplyProject;
}

/** The packages that a manifest asks for, whatever for. */
export function askedFor(manifest: Manifest): readonly (readonly [string, string])[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return [dependencies, devDependencies, optionalDependencies, peerDependencies].flatMap((group) =>
    Object.entries(group ?? {}),
  );
}

/** The project with a change in its first manifest. */
export function withFirstManifest(
  project: SupplyProject,
  change: (manifest: Manifest) => Manifest,
): SupplyProject {
  const [first, ...others] = project.manifests;
  if (!first) throw new Error("no manifest was read");
  return { ...project, manifests: [change(first), ...others] };
}
