import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { ask, type WebAnswer } from "./web-client";

type Reference = { filename: string; exportedName: string };
type Encoder = { encodeReply(value: unknown): Promise<string | FormData> };

/** A server action of the build: what a page's form or button calls, and a page that has it. */
export type ServerAction = { id: string; name: string; page: string };

/** Every server action that the production build answers to; `name` is file and export, such as `(studio)/studio revokeKey`. */
export function serverActions(): ServerAction[] {
  const path = join(PROJECT_ROOT, ".next", "server", "server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(path, "utf8")) as { node: Record<string, Reference> };
  return Object.entries(node).map(([id, { filename, exportedName }]) => {
    const folder = filename.replace(/^app\/|\/?actions\.ts$/g, "");
    return { id, name: `${folder} ${exportedName}`, page: `/${folder.replace(/\(\w+\)\/?/g, "")}` };
  });
}

/** Calls an action as React's client does: arguments encoded, the action named by a header. */
export async function postAction(
  baseUrl: string,
  action: ServerAction,
  args: unknown[],
  headers: Record<string, string>,
): Promise<WebAnswer> {
  const load = createRequire(join(PROJECT_ROOT, "package.json"));
  const { encodeReply } = load("next/dist/compiled/react-server-dom-turbopack/client.node") as Encoder;
  const encoded = new Response(await encodeReply(args));
  return ask(baseUrl, action.page, {
    method: "POST",
    headers: {
      accept: "text/x-component",
      "next-action": action.id,
      "content-type": encoded.headers.get("content-type") ?? "text/plain;charset=UTF-8",
      ...headers,
    },
    body: Buffer.from(await encoded.arrayBuffer()),
  });
}

/** The fields of a form. */
export function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
