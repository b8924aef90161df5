/** What is done to a file, and whether it is still believed. */
export interface Way {
  readonly believed: boolean;
  readonly change: (file: string) => string;
}

function inside(file: string, change: (block: readonly string[]) => readonly string[]): string {
  const lines = file.split("\n");
  const first = lines.findIndex((line) => line.startsWith("-----BEGIN"));
  const last = lines.findIndex((line) => line.startsWith("-----END"));
  const block = change(lines.slice(first + 1, last));
  return [...lines.slice(0, first + 1), ...block, ...lines.slice(last)].join("\n");
}

function json(file: string, change: (members: Record<string, unknown>) => unknown): string {
  return inside(file, (block) => {
    const members = JSON.parse(Buffer.from(block.join(""), "base64").toString()) as object;
    const changed = Buffer.from(JSON.stringify(change({ ...members })));
    return changed.toString("base64").match(/.{1,64}/g) ?? [];
  });
}

/** What may happen to a file on its way, and what somebody may do to it. */
export const WAYS: Readonly<Record<string, Way>> = {
  lineEndsOfWindows: { believed: true, change: (file) => file.replaceAll("\n", "\r\n") },
  byteOrderMark: { believed: true, change: (file) => `\uFEFF${file}` },
  bothOfWindows: { believed: true, change: (file) => `\uFEFF${file.replaceAll("\n", "\r\n")}` },
  noLastLineEnd: { believed: true, change: (file) => file.trimEnd() },
  blankLines: { believed: true, change: (file) => `\n\n${file}\n\n` },
  noPreview: { believed: true, change: (file) => file.replaceAll(/^#.*\n/gm, "") },
  forgedPreview: { believed: true, change: (file) => `# Seats: 1000000\n${file}` },
  doubled: { believed: false, change: (file) => file + file },
  cutOff: { believed: false, change: (file) => file.slice(0, file.length / 2) },
  noEnd: { believed: false, change: (file) => file.replace(/-----END[^\n]*\n?/, "") },
  noBegin: { believed: false, change: (file) => file.replace(/-----BEGIN[^\n]*\n/, "") },
  endFirst: {
    believed: false,
    change: (file) => file.replaceAll(/BEGIN|END/g, (word) => (word === "END" ? "BEGIN" : "END")),
  },
  textBefore: { believed: false, change: (file) => `hello\n${file}` },
  textAfter: { believed: false, change: (file) => `${file}rm -rf /\n` },
  tooLarge: { believed: false, change: (file) => `# ${"x".repeat(2 * 1024 * 1024)}\n${file}` },
  tooLargeInLines: { believed: false, change: (file) => "#\n".repeat(1024 * 1024) + file },
  paddingInside: { believed: false, change: (file) => inside(file, (block) => ["AA==", ...block]) },
  spaceInside: {
    believed: false,
    change: (file) => inside(file, (block) => block.map((line) => ` ${line}`)),
  },
  empty: { believed: false, change: () => "" },
  emptyBlock: { believed: false, change: (file) => inside(file, () => []) },
  noObject: { believed: false, change: (file) => json(file, () => 7) },
  list: { believed: false, change: (file) => json(file, (members) => [members]) },
  noMembers: { believed: false, change: (file) => json(file, () => ({})) },
  members: {
    believed: false,
    change: (file) =>
      json(file, (members) =>
        Object.fromEntries(Object.keys(members).map((name) => [name, "a.b.c"])),
      ),
  },
  deep: {
    believed: false,
    change: (file) => inside(file, () => [Buffer.from("[".repeat(20_000)).toString("base64")]),
  },
};
