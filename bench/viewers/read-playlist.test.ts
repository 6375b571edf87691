import { describe, expect, it } from "vitest";
import { readPlaylist } from "./read-playlist";

const live = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6,HOLD-BACK=6,CAN-SKIP-UNTIL=12
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="init.mp4"
#EXTINF:2.0,
s7.m4s
#EXT-X-PART:DURATION=0.2,URI="p8.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.1,URI="p8.1.m4s"
#EXTINF:0.3,
s8.m4s
#EXT-X-PART:DURATION=0.2,URI="p9.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p9.1.m4s"
`;

describe("reading a playlist", () => {
  it("numbers parts and segments from the media sequence", () => {
    const playlist = readPlaylist(live);
    expect(playlist.segments.map(({ key, uri }) => [key, uri])).toEqual([
      ["7", "s7.m4s"],
      ["8", "s8.m4s"],
    ]);
    expect(playlist.parts.map(({ key }) => key)).toEqual(["8.0", "8.1", "9.0"]);
    expect(playlist.next).toEqual({ msn: 9, partIndex: 1 });
  });

  it("tells HOLD-BACK from PART-HOLD-BACK", () => {
    expect(readPlaylist(live)).toMatchObject({ canBlock: true, partHoldBackSeconds: 0.6, holdBackSeconds: 6 });
    expect(readPlaylist(live.replace(",HOLD-BACK=6", "")).holdBackSeconds).toBeNull();
  });

  it("counts the segments that a delta update leaves out", () => {
    const delta = live.replace("#EXT-X-MAP", "#EXT-X-SKIP:SKIPPED-SEGMENTS=10\n#EXT-X-MAP");
    expect(readPlaylist(delta).parts[0]?.key).toBe("18.0");
  });

  it("takes the first variant", () => {
    const multivariant = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nb.m3u8\n";
    expect(readPlaylist(multivariant).variantUri).toBe("a.m3u8");
  });

  it("refuses what is no playlist", () => {
    expect(() => readPlaylist("<html>")).toThrow();
  });
});
