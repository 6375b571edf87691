import { describe, expect, it } from "vitest";
import { importRules } from "./import-rules";
import { importViolations } from "./import-violations";

const forbidden: [importer: string, source: string][] = [
  ["app/page.tsx", 'import { db } from "@/lib/db";'],
  ["app/page.tsx", 'import { db } from "../lib/db";'],
  ["app/(watch)/c/[handle]/page.tsx", 'import { db } from "../../../../lib/db.ts";'],
  ["app/page.tsx", 'import { PrismaClient } from "@/lib/generated/prisma/client";'],
  ["app/page.tsx", 'import { PrismaPg } from "@prisma/adapter-pg";'],
  ["app/page.tsx", 'import { Pool } from "pg";'],
  ["app/page.tsx", 'import { playlist } from "@/media/playlist/media-playlist";'],
  ["app/page.tsx", 'export { db } from "@/lib/db";'],
  ["app/page.tsx", 'export * from "@/lib/db";'],
  ["app/page.tsx", 'const { db } = await import("@/lib/db");'],
  ["app/page.tsx", 'const db = require("@/lib/db");'],
  ["app/page.tsx", 'let db: import("@/lib/db").Db;'],
  ["app/page.tsx", 'import { throwaway } from "@/tests/support/throwaway-database";'],
  ["app/api/health/route.ts", 'import { db } from "@/lib/db";'],
  ["app/api/health/route.ts", 'import { Button } from "@/components/ui/button";'],
  ["components/player/player.tsx", 'import { getChannel } from "@/lib/dal/channel/get-channel";'],
  ["components/player/player.tsx", 'import { db } from "@/lib/db";'],
  ["components/player/player.tsx", 'import Page from "@/app/page";'],
  ["components/player/player.tsx", 'import "server-only";'],
  ["lib/dal/channel/get-channel.ts", 'import Page from "@/app/page";'],
  ["lib/dal/channel/get-channel.ts", 'import { Player } from "../../../components/player/player";'],
  ["lib/dal/channel/get-channel.ts", 'import { config } from "@/media/config";'],
  ["lib/media-contract/reasons.ts", 'import { env } from "../env";'],
  ["lib/media-contract/reasons.ts", 'import pino from "pino";'],
  ["lib/auth/actor.ts", 'import { config } from "@/media/config";'],
  ["lib/media-control/disconnect.ts", 'import { config } from "@/media/config";'],
  ["media/codec/avcc.ts", 'import { muxer } from "../fmp4/muxer";'],
  ["media/codec/avcc.ts", 'import { setTimeout } from "node:timers/promises";'],
  ["media/flv/demuxer.ts", 'import { createSocket } from "node:net";'],
  ["media/flv/demuxer.ts", 'import { createSocket } from "net";'],
  ["media/flv/demuxer.ts", 'import { RtmpConnection } from "../ingest/publisher";'],
  ["media/timeline/timeline.ts", 'import { demux } from "../flv/demuxer";'],
  ["media/segmenter/segmenter.ts", 'import pino from "pino";'],
  ["media/segmenter/segmenter.ts", 'import { demux } from "../flv/demuxer";'],
  ["media/fmp4/moov.ts", 'import { readFile } from "node:fs/promises";'],
  ["media/fmp4/moov.ts", 'import { cut } from "@/media/segmenter/segmenter";'],
  ["media/playlist/media-playlist.ts", 'import { StreamWindow } from "../origin/stream-window";'],
  ["media/ingest/rtmp-server.ts", 'import { demux } from "@/media/flv/demuxer";'],
  ["media/ingest/rtmp-server.ts", 'import { get } from "node:http";'],
  ["media/origin/http-server.ts", 'import { rtmp } from "../ingest/rtmp-server";'],
  ["media/origin/http-server.ts", 'import type { AccessUnit } from "../flv/access-unit";'],
  ["media/origin/http-server.ts", 'import { moof } from "../fmp4/moof";'],
  ["media/address/address-limits.ts", 'import type { Logger } from "pino";'],
  ["media/origin/http-server.ts", 'import { ask } from "../publish/decision-client";'],
  ["media/live/live-pipeline.ts", 'import { main } from "../main";'],
  ["media/live/live-pipeline.ts", 'import { env } from "@/lib/env";'],
  ["media/live/live-pipeline.ts", 'import page from "@/app/page";'],
  ["media/main.ts", 'import session from "node-media-server/src/session/rtmp_session.js";'],
  ["media/main.ts", 'import { db } from "@/lib/db";'],
];

const allowed: [importer: string, source: string][] = [
  [
    "app/page.tsx",
    'import { getChannel } from "@/lib/dal/channel/get-channel"; import { Player } from "@/components/player/player";',
  ],
  ["app/api/media/on-publish/route.ts", 'import { acceptPublish } from "@/lib/dal/publish/accept-publish";'],
  [
    "components/player/player.tsx",
    'import Hls from "hls.js"; import { playlistPath } from "@/lib/media-contract/playback-url";',
  ],
  ["components/player/player.tsx", 'import { Button } from "../ui/button";'],
  [
    "lib/dal/channel/get-channel.ts",
    'import "server-only"; import { db } from "@/lib/db"; import type { Role } from "@/lib/generated/prisma/enums";',
  ],
  [
    "lib/db.ts",
    'import { PrismaClient } from "./generated/prisma/client"; import { PrismaPg } from "@prisma/adapter-pg";',
  ],
  ["lib/media-contract/signature.ts", 'import { createHmac } from "node:crypto"; import { z } from "zod";'],
  [
    "media/flv/demuxer.ts",
    'import type { RtmpMessage } from "@/media/ingest/publisher"; import { avcc } from "../codec/avcc";',
  ],
  ["media/flv/demuxer.ts", 'import { type RtmpMessage } from "@/media/ingest/publisher";'],
  [
    "media/ingest/rtmp-session.ts",
    'import net from "node:net"; import rtmp from "node-media-server/src/protocol/rtmp.js";',
  ],
  ["media/origin/http-server.ts", 'import { render } from "../playlist/media-playlist";'],
  ["media/main.ts", 'import { livePipeline } from "./live/live-pipeline";'],
  ["media/live/live-pipeline.test.ts", 'import { RtmpEncoder } from "@/tests/support/rtmp-encoder";'],
];

describe("import rules", () => {
  it.each(forbidden)("%s may not: %s", (importer, source) => {
    expect(importViolations(importer, source)).toHaveLength(1);
  });

  it.each(allowed)("%s may: %s", (importer, source) => {
    expect(importViolations(importer, source)).toEqual([]);
  });

  it.each(importRules.flatMap(({ folders }) => folders))("the rule of %s is proven by a forbidden import", (folder) => {
    const rule = importRules.find(({ folders }) => folders.includes(folder));
    const provers = forbidden.filter(([importer]) => {
      const path = importer.replace(/\.tsx?$/, "");
      return importRules.find(({ folders }) => folders.some((f) => path === f || path.startsWith(`${f}/`))) === rule;
    });
    expect(provers).not.toEqual([]);
  });

  it("names the file, the line and what is forbidden", () => {
    expect(importViolations("components/live.tsx", '\nimport { db } from "@/lib/db";')).toEqual([
      'components/live.tsx:2: components may not import "lib/db"',
    ]);
  });

  it("reports a file that does not parse rather than passing over it", () => {
    expect(() => importViolations("app/page.tsx", "import {")).toThrow("app/page.tsx");
  });
});
