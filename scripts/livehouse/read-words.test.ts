import { describe, expect, it } from "vitest";
import { UsageError } from "./command";
import { expiryOf, keyCommands } from "./key";
import { liveCommands } from "./live";
import { readCall } from "./read-words";
import { userCommands } from "./user";

const commands = [...userCommands, ...keyCommands, ...liveCommands];
const read = (line: string) => readCall(line.split(" ").filter(Boolean), commands);

describe("the command line's words", () => {
  it.each([
    ["user create --handle a --email b --password c --json", { handle: "a", email: "b", password: "c" }, true],
    [
      "user create --json --handle=a --email=b --password=-c --role admin",
      { handle: "a", email: "b", password: "-c", role: "admin" },
      true,
    ],
    ["user ban alice --reason spam", { HANDLE: "alice", reason: "spam" }, false],
    ["key issue alice", { HANDLE: "alice" }, false],
    ["key revoke 42", { ID: "42" }, false],
    ["live list", {}, false],
    ["live disconnect 7 --json", { LIVE_SESSION_ID: "7" }, true],
  ])("%s", (line, words, json) => {
    expect(read(line)).toMatchObject({ kind: "run", words, json });
  });

  it.each([
    ["users list", 'There is no "users" here.'],
    ["user", "user wants a verb: create, ban, unban, list."],
    ["user remove alice", 'user has no verb "remove": create, ban, unban, list.'],
    ["user create --handle a", "user create wants --email and --password."],
    ["user ban", "user ban wants HANDLE."],
    ["user ban a b", 'user ban does not know what to do with "b".'],
    ["key issue a --lable x", "Unknown option '--lable'"],
  ])("%s is refused with what is wrong", (line, sentence) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(sentence);
  });

  it.each(["", "--help", "help", "user --help", "-h"])("'%s' shows the help", (line) => {
    expect(read(line)).toEqual({ kind: "help", about: null });
  });

  it.each([
    [undefined, null],
    ["2027-01-31", "2027-01-31T00:00:00.000Z"],
    ["2027-01-31T18:00Z", "2027-01-31T18:00:00.000Z"],
  ])("a key may work until %s", (given, expiresAt) => {
    expect(expiryOf(given)).toBe(expiresAt);
  });

  it.each(["soon", "2027-13-01", "31.1.2027", "1"])("a key can't work until %s", (given) => {
    expect(() => expiryOf(given)).toThrow(UsageError);
  });

  it("shows the help of one command", () => {
    expect(read("user ban --help")).toMatchObject({ kind: "help", about: { name: "user ban" } });
  });
});
