import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const docs = readFileSync("docs/telemetry.md", "utf8").replaceAll(/\s+/g, " ");
const sources = globSync("services/*/src/{events,site-events,compose}.ts").map((path) => ({
  path,
  code: readFileSync(path, "utf8"),
}));

/** The messages that a file logs: the last argument of each call of the log, or a table of them. */
function messagesIn(code: string): readonly string[] {
  const logged = code.matchAll(/log\.(?:info|warn|error)\([^;]*?"([^"]+)",?\s*\)/g);
  const table = /const MESSAGE = \{([^}]*)\}/.exec(code)?.[1] ?? "";
  return [...logged, ...table.matchAll(/: "([^"]+)"/g)].map(([, message = ""]) => message);
}

test.each(sources)("every event that $path logs is documented", ({ code }) => {
  for (const message of messagesIn(code)) expect(docs).toContain(`\`${message}\``);
});

test("every documented event of a service is logged by it", () => {
  const sections = docs.matchAll(/\*\*(issuer|activation|seat-broker)\.\*\* (.*?)(?=\*\*|$)/g);
  for (const [, service, text = ""] of sections) {
    const own = sources.filter(({ path }) => path.includes(`/${service}/`));
    const messages = own.flatMap(({ code }) => messagesIn(code));
    const documented = Array.from(text.matchAll(/`([^`]+)`/g), ([, message]) => message);
    expect(documented.length).toBeGreaterThan(0);
    expect(messages).toEqual(expect.arrayContaining(documented));
  }
});
