import { expect, test } from "vitest";
import { UsageError } from "../usage-error.ts";
import { askMissing } from "./ask-missing.ts";

const QUESTIONS = [
  { flag: "name", spelling: "--name", label: "Name" },
  { flag: "keyFile", spelling: "--key-file", label: "Product key" },
] as const;

/** Somebody at the terminal who answers so; nobody if absent. */
function terminal(answers?: readonly string[]) {
  const left = [...(answers ?? [])];
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return left.shift() ?? "";
  };
  return { asked, interactive: answers !== undefined, ask };
}

test("what was said is not asked for, what was not is, and nothing around it counts", async () => {
  const person = terminal([" 2ABCD "]);
  expect(await askMissing(QUESTIONS, { name: "Ada" }, person)).toEqual({
    name: "Ada",
    keyFile: "2ABCD",
  });
  expect(person.asked).toEqual(["Product key: "]);
});

test("where nobody can be asked, everything that is missing is told at once", async () => {
  const told = askMissing(QUESTIONS, {}, terminal());
  await expect(told).rejects.toThrow(new UsageError("say --name, --key-file"));
});

test("an empty answer ends it", async () => {
  await expect(askMissing(QUESTIONS, {}, terminal([""]))).rejects.toThrow("--name is empty");
});
