import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

/** Where the modules of operators have the definitions of their custom resources. */
const MODULES = [
  { module: "github.com/cert-manager/cert-manager@v1.21.2", folder: "deploy/crds" },
  {
    module: "github.com/external-secrets/external-secrets@v1.3.2",
    folder: "config/crds/bases",
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
    folder: "example/prometheus-operator-crd",
  },
] as const;

/** Files with the definitions of the custom resources that the manifests use, and of their kin; fetched by Go. */
export function definitionFiles(): readonly string[] {
  return MODULES.flatMap(({ module, folder }) => {
    // Away from any module: this is no dependency of anything.
    const told = execFileSync("go", ["mod", "download", "-json", module], {
      cwd: tmpdir(),
      encoding: "utf8",
    });
    const path = join((JSON.parse(told) as { readonly Dir: string }).Dir, folder);
    return readdirSync(path)
      .filter((name) => name.endsWith(".yaml") && !name.startsWith("kustomization"))
      .map((name) => join(path, name));
  });
}
