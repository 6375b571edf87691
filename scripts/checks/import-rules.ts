/**
 * Who may import whom (docs/architecture.md has the same table in words). Paths are relative to the repository, without extension;
 * an entry covers the path itself and everything below it. A file belongs to the first rule whose `folders` cover it, and a file
 * may always import its own folder's files.
 */
export type ImportRule = {
  folders: string[];
  /** Files of the project it may import. */
  project: string[];
  /** Files of the project it may import with `import type` only. */
  projectTypes?: string[];
  /** npm packages and `node:` modules: only these, or everything but these. */
  packages: { only: string[] } | { never: string[] };
};

const generatedClient = "lib/generated/prisma";
const prismaPackages = ["prisma", "@prisma/client", "@prisma/adapter-pg", "pg"];
const mediaServer = "node-media-server";

/** What no page and no component may reach for: the database, RTMP, and the machine. */
const neverInPages = [...prismaPackages, mediaServer, "node:net", "node:tls", "node:child_process", "node:fs"];

/** What a pure stage may not have: no packages at all, so no sockets, timers, env or log; biome.json forbids the globals. */
const pure = { only: ["node:buffer"] };

/** The waist of the hourglass: what a coded picture or an audio frame is, and its clock. */
const accessUnit = "media/timeline/access-unit";

export const importRules: ImportRule[] = [
  {
    folders: ["app/api"],
    project: ["lib/dal", "lib/auth", "lib/app-error", "lib/media-contract", "lib/env", "lib/log"],
    packages: { never: [...neverInPages] },
  },
  {
    folders: ["app"],
    project: ["components", "lib/dal", "lib/auth", "lib/app-error", "lib/media-contract", "lib/i18n"],
    packages: { never: neverInPages },
  },
  {
    folders: ["components"],
    project: ["lib/media-contract", "lib/i18n"],
    projectTypes: ["lib/dal", "lib/app-error"],
    packages: { never: [...neverInPages, "server-only"] },
  },
  {
    folders: ["lib/dal"],
    project: ["lib/db", "lib/auth", "lib/app-error", "lib/media-control", "lib/media-contract", "lib/env", "lib/log"],
    projectTypes: [generatedClient],
    packages: { never: [mediaServer, "react-dom", "next-intl", "hls.js"] },
  },
  { folders: ["lib/media-contract"], project: [], packages: { only: ["zod", "node:crypto"] } },
  { folders: ["media/codec"], project: [], packages: pure },
  {
    folders: ["media/flv"],
    project: ["media/codec"],
    projectTypes: ["media/ingest/publisher"],
    packages: pure,
  },
  { folders: ["media/timeline"], project: ["media/codec"], projectTypes: ["media/flv"], packages: pure },
  { folders: ["media/segmenter"], project: ["media/codec", accessUnit], packages: pure },
  {
    folders: ["media/fmp4"],
    project: ["media/codec", accessUnit],
    projectTypes: ["media/segmenter"],
    packages: pure,
  },
  {
    folders: ["media/playlist"],
    project: ["media/codec"],
    projectTypes: ["media/segmenter", "media/origin/stream-window"],
    packages: pure,
  },
  {
    folders: ["media/ingest"],
    project: ["media/log", "media/address", "lib/media-contract"],
    // node:fs for the certificate of RTMPS.
    packages: {
      only: [mediaServer, "pino", "node:buffer", "node:crypto", "node:events", "node:fs", "node:net", "node:tls"],
    },
  },
  { folders: ["media/address"], project: [], packages: { only: ["node:net"] } },
  {
    folders: ["media/origin"],
    project: ["media/playlist", "media/log", "media/address", "lib/media-contract"],
    projectTypes: ["media/segmenter", "media/codec"],
    packages: { never: [mediaServer, ...prismaPackages] },
  },
  {
    folders: ["media/live"],
    project: [
      "media/codec",
      "media/flv",
      "media/fmp4",
      "media/ingest",
      "media/log",
      "media/origin",
      "media/playlist",
      "media/publish",
      "media/segmenter",
      "media/timeline",
      "lib/media-contract",
    ],
    packages: { never: [mediaServer, ...prismaPackages] },
  },
  {
    folders: ["media"],
    project: ["media", "lib/media-contract"],
    packages: { never: [mediaServer, ...prismaPackages, "next", "react"] },
  },
  {
    folders: ["lib/db", "lib/auth"],
    project: ["lib", generatedClient],
    packages: { never: [mediaServer] },
  },
  { folders: ["lib"], project: ["lib"], packages: { never: [mediaServer, ...prismaPackages] } },
];

/** No rule of its own allows these; nothing that runs in production may depend on them. */
export const testOnlyFolders = ["tests", "bench", "scripts"];
