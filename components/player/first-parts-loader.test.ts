import { describe, expect, it } from "vitest";
import { withSegment } from "./first-parts-loader";

const head = "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART-INF:PART-TARGET=0.2\n";
const part = '#EXT-X-MAP:URI="init-0.mp4"\n#EXT-X-PART:DURATION=0.2,URI="p1.0.m4s",INDEPENDENT=YES\n';

describe("withSegment", () => {
  it("puts an empty segment before the parts of a broadcast that has no whole one yet", () => {
    expect(withSegment(`${head}#EXT-X-MEDIA-SEQUENCE:1\n${part}`)).toBe(
      `${head}#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-START:TIME-OFFSET=0.01\n#EXT-X-GAP\n#EXT-X-PART:DURATION=0.001,URI="nothing",GAP=YES\n#EXTINF:0.002,\nnothing\n${part}`,
    );
  });

  it.each([
    ["with a whole segment", `${head}#EXT-X-MEDIA-SEQUENCE:1\n${part}#EXTINF:2,\ns1.m4s\n`],
    ["without parts", `${head}#EXT-X-MEDIA-SEQUENCE:1\n`],
    ["of variants", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmedia.m3u8\n"],
  ])("leaves a playlist %s as it is", (_name, playlist) => {
    expect(withSegment(playlist)).toBe(playlist);
  });
});
