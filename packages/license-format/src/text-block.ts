import { fromBase64, fromUtf8, toBase64 } from "./base64.ts";
import { MALFORMED, type Reader, readJson } from "./reader.ts";

const COLUMNS = 64;

/** A kind of file that people carry about: `#` lines to read, then one block of base64. */
export interface TextBlockKind<Content> {
  /** What its first line says it is, for example `Leasehold license file`. */
  readonly title: string;
  /** What its block is called, for example `LEASEHOLD LICENSE`. */
  readonly label: string;
  /** Largest file, in bytes. */
  readonly maxBytes: number;
  /** Reads what the block holds. */
  readonly read: Reader<Content>;
}

/**
 * Why a text is no such file:
 * - `too-large`: more bytes than such a file may have
 * - `no-block`: there is no such block in it
 * - `doubled`: there is more than one
 * - `truncated`: the block does not end
 * - `stray-text`: around the block stands something other than `#` lines before it
 * - `malformed`: the block does not hold what it should
 */
export type TextBlockFault =
  | "too-large"
  | "no-block"
  | "doubled"
  | "truncated"
  | "stray-text"
  | "malformed";

/** A file taken apart. `preview` is its `#` lines but the first, as they stand there. */
export type ParsedTextBlock<Content> =
  | { readonly kind: "parsed"; readonly preview: readonly string[]; readonly content: Content }
  | { readonly kind: "refused"; readonly fault: TextBlockFault };

/** A line of a preview: what it is about, and what it says. */
export type PreviewFact = readonly [label: string, value: string];

/** Lines that begin with `#`. They prove nothing. */
export function previewLines(facts: readonly PreviewFact[]): readonly string[] {
  return facts.map(([label, value]) => `# ${label}: ${oneLine(value)}`);
}

/**
 * Writes a file.
 * @throws RangeError if the content is not such content, or too long for such a file
 */
export function formatTextBlock<Content>(
  kind: TextBlockKind<Content>,
  preview: readonly string[],
  content: object,
): string {
  const json = JSON.stringify(content);
  if (readJson(json, kind.read) === MALFORMED) throw new RangeError(`no ${kind.title} holds this`);
  const lines = toBase64(json, "base64").match(new RegExp(`.{1,${COLUMNS}}`, "g")) ?? [];
  const file = [`# ${kind.title}`, ...preview, begin(kind), ...lines, end(kind), ""].join("\n");
  if (Buffer.byteLength(file) > kind.maxBytes)
    throw new RangeError(`a ${kind.title} has ${kind.maxBytes / 1024} KiB at most`);
  return file;
}

/** Takes a file apart. Line ends of either kind, and a byte order mark, are accepted. */
export function parseTextBlock<Content>(
  kind: TextBlockKind<Content>,
  text: string,
): ParsedTextBlock<Content> {
  if (Buffer.byteLength(text) > kind.maxBytes) return refusedFile("too-large");
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  const first = lines.indexOf(begin(kind));
  const last = lines.indexOf(end(kind));
  if (first < 0) return refusedFile("no-block");
  if (first !== lines.lastIndexOf(begin(kind)) || last !== lines.lastIndexOf(end(kind))) {
    return refusedFile("doubled");
  }
  if (last < 0) return refusedFile("truncated");
  const before = lines.slice(0, Math.min(first, last)).filter((line) => line !== "");
  const after = lines.slice(last + 1).filter((line) => line !== "");
  if (last < first || after.length > 0 || !before.every((line) => line.startsWith("#"))) {
    return refusedFile("stray-text");
  }
  const content = readBlock(lines.slice(first + 1, last).join(""), kind.read);
  if (content === MALFORMED) return refusedFile("malformed");
  const preview = before.filter((line) => line !== `# ${kind.title}`);
  return { kind: "parsed", preview, content };
}

function readBlock<Content>(base64: string, read: Reader<Content>): Content | typeof MALFORMED {
  const bytes = fromBase64(base64, "base64");
  const json = bytes === undefined ? undefined : fromUtf8(bytes);
  return json === undefined ? MALFORMED : readJson(json, read);
}

function refusedFile(fault: TextBlockFault): {
  readonly kind: "refused";
  readonly fault: TextBlockFault;
} {
  return { kind: "refused", fault };
}

function begin({ label }: Pick<TextBlockKind<unknown>, "label">): string {
  return `-----BEGIN ${label}-----`;
}

function end({ label }: Pick<TextBlockKind<unknown>, "label">): string {
  return `-----END ${label}-----`;
}

/** Invisible characters and line ends of any script become `?`, so that a name stays on its line. */
function oneLine(value: string): string {
  return value.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}
