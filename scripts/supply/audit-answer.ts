/** What came of asking the registry for known vulnerabilities. */
export type AuditAnswer =
  | { readonly kind: "clean" }
  | { readonly kind: "found"; readonly advisories: readonly string[] }
  | { readonly kind: "not-asked"; readonly why: string };

interface Advisory {
  readonly module_name?: string;
  readonly severity?: string;
  readonly title?: string;
  readonly url?: string;
}

/**
 * Reads what `pnpm audit --json` wrote. Only a list of advisories counts as an answer, be it empty:
 * whatever else comes, an error page or nothing, tells nothing of the packages.
 */
export function auditAnswer(stdout: string, stderr: string): AuditAnswer {
  const advisories = advisoriesIn(stdout);
  if (!advisories) return { kind: "not-asked", why: beginning(stderr) || beginning(stdout) };
  if (advisories.length === 0) return { kind: "clean" };
  return {
    kind: "found",
    advisories: advisories.map(
      ({ module_name: name = "?", severity = "?", title = "?", url = "" }) =>
        `${name}: ${severity}: ${title} ${url}`.trim(),
    ),
  };
}

function advisoriesIn(text: string): readonly Advisory[] | undefined {
  try {
    const report = JSON.parse(text) as { readonly advisories?: unknown };
    if (typeof report.advisories !== "object" || report.advisories === null) return undefined;
    return Object.values(report.advisories) as readonly Advisory[];
  } catch {
    return undefined;
  }
}

/** The beginning of a text, on one line and without what frames it on a terminal. */
function beginning(text: string): string {
  const words = text.replaceAll(/[^\x20-\x7e]+/g, " ").replaceAll(/\s+/g, " ");
  return words.trim().slice(0, 160);
}
