/*
 * What `kubectl kustomize` does, as far as the manifests of this folder use it: resources, components, strategic merge
 * and JSON patches, images, a namespace. Whatever else a kustomization asks for is refused. There is no kustomize that
 * npm could install; where there is one, a test holds this against it.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseAllDocuments, parse } from "yaml";
import { jsonPatch, type Operation } from "./json-patch.ts";
import {
  identity,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Manifest,
} from "./manifest.ts";
import { mergePatch } from "./merge-patch.ts";

/** Expressions that the whole word fits. */
interface Target {
  readonly kind: string;
  readonly name: string;
}
type Patch =
  | { readonly path: string; readonly target?: Target }
  | { readonly patch: string; readonly target: Target };
interface Image {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
}
interface Kustomization {
  readonly kind: "Kustomization" | "Component";
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly Patch[];
  readonly images?: readonly Image[];
}
const KNOWN = ["apiVersion", "kind", "namespace", "resources", "components", "patches", "images"];
/** They are in no namespace. */
const CLUSTER_WIDE = ["Namespace"];

/** As kustomize reads it: `0440` is octal. */
const AS_KUSTOMIZE = { version: "1.1", merge: false } as const;

/** The objects of a folder with a `kustomization.yaml`. */
export function render(folder: string, given: readonly Manifest[] = []): readonly Manifest[] {
  const kustomization = readKustomization(folder);
  let manifests = given;
  for (const resource of kustomization.resources ?? []) {
    const path = join(folder, resource);
    const added = statSync(path).isDirectory() ? render(path) : readManifests(path);
    manifests = [...manifests, ...added];
  }
  for (const component of kustomization.components ?? [])
    manifests = render(join(folder, component), manifests);
  for (const patch of kustomization.patches ?? []) manifests = patched(manifests, folder, patch);
  for (const image of kustomization.images ?? [])
    manifests = manifests.map((manifest) => withImage(manifest, image) as Manifest);
  const { namespace } = kustomization;
  if (namespace !== undefined) manifests = manifests.map((one) => inNamespace(one, namespace));
  refuseDoubles(folder, manifests);
  return manifests;
}

/** The names of the components that a folder's kustomization puts together. */
export function componentsOf(folder: string): readonly string[] {
  return (readKustomization(folder).components ?? []).map((path) => basename(path));
}

function readKustomization(folder: string): Kustomization {
  const path = join(folder, "kustomization.yaml");
  if (!existsSync(path)) throw new Error(`${folder} has no kustomization.yaml`);
  const read = parse(readFileSync(path, "utf8"), AS_KUSTOMIZE) as Kustomization;
  const unknown = Object.keys(read).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0) throw new Error(`${path}: ${unknown.join(", ")} is not rendered here`);
  return read;
}

/** Every object of a file. */
function readManifests(path: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(path, "utf8"), AS_KUSTOMIZE).map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${path}: ${error.message}`);
    // Without aliases: what follows must not change two places at a time.
    return structuredClone(document.toJS() as Manifest);
  });
}

function patched(
  manifests: readonly Manifest[],
  folder: string,
  patch: Patch,
): readonly Manifest[] {
  if ("path" in patch && patch.target === undefined)
    return readManifests(join(folder, patch.path)).reduce(
      (all, change) => applied(all, { kind: change.kind, name: change.metadata.name }, change),
      manifests,
    );
  if (!("patch" in patch)) throw new Error(`${folder}: a patch in a file names its target itself`);
  return applied(manifests, patch.target, parse(patch.patch, AS_KUSTOMIZE) as readonly Operation[]);
}

function applied(
  manifests: readonly Manifest[],
  { kind, name }: Target,
  change: JsonObject | readonly Operation[],
): readonly Manifest[] {
  const isMeant = (one: Manifest) =>
    new RegExp(`^(${kind})$`).test(one.kind) && new RegExp(`^(${name})$`).test(one.metadata.name);
  if (!manifests.some(isMeant)) throw new Error(`a patch of ${kind}/${name} meets nothing`);
  return manifests.map((one) => {
    if (!isMeant(one)) return one;
    const changed = isOperations(change) ? jsonPatch(one, change) : mergePatch(one, change);
    return changed as Manifest;
  });
}

function isOperations(change: JsonObject | readonly Operation[]): change is readonly Operation[] {
  return Array.isArray(change);
}

/** Every `image` of a container that has this name, without a tag, gets the other one. */
function withImage(value: Json, image: Image): Json {
  if (isList(value)) return value.map((one) => withImage(one, image));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] =>
    key === "image" && inner === image.name
      ? [key, `${image.newName}:${image.newTag}`]
      : [key, withImage(inner, image)],
  );
  return Object.fromEntries(entries);
}

function inNamespace(manifest: Manifest, namespace: string): Manifest {
  if (CLUSTER_WIDE.includes(manifest.kind)) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function refuseDoubles(folder: string, manifests: readonly Manifest[]): void {
  const names = manifests.map(identity);
  const double = names.find((name, at) => names.indexOf(name) !== at);
  if (double !== undefined) throw new Error(`${folder} has ${double} twice`);
}
