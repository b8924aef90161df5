import { type ConfigSchema, variableName } from "./config.ts";

/** The text of an `.env.example`: every setting with its meaning, the optional ones commented out. */
export function envExample({ prefix, fields }: ConfigSchema): string {
  const entries = Object.entries(fields).map(([name, field]) => {
    const variable = variableName(prefix, name, field);
    const given = field.default ?? "";
    const line =
      field.default === undefined && !field.optional ? `${variable}=` : `# ${variable}=${given}`;
    return `# ${field.doc} (${field.form})\n${line}\n`;
  });
  return entries.join("\n");
}
