/** What EXT-X-STREAM-INF says of the one variant. */
export type VariantDescription = {
  /** Relative to the multivariant playlist. */
  uri: string;
  /** Peak and mean of the segments so far, in bits a second (RFC 8216bis 4.4.6.2). */
  bandwidth: number;
  averageBandwidth: number;
  codecs: string[];
  resolution: { width: number; height: number } | null;
  frameRate: number | null;
  isIndependent: boolean;
};

/** The multivariant playlist of a channel (RFC 8216bis 4.4.6). */
export function multivariantPlaylist(variant: VariantDescription): string {
  const attributes = [
    `BANDWIDTH=${Math.ceil(variant.bandwidth)}`,
    `AVERAGE-BANDWIDTH=${Math.ceil(variant.averageBandwidth)}`,
    `CODECS="${variant.codecs.join(",")}"`,
  ];
  if (variant.resolution) attributes.push(`RESOLUTION=${variant.resolution.width}x${variant.resolution.height}`);
  if (variant.frameRate) attributes.push(`FRAME-RATE=${variant.frameRate.toFixed(3)}`);
  const lines = ["#EXTM3U", "#EXT-X-VERSION:9"];
  if (variant.isIndependent) lines.push("#EXT-X-INDEPENDENT-SEGMENTS");
  return `${[...lines, `#EXT-X-STREAM-INF:${attributes.join(",")}`, variant.uri].join("\n")}\n`;
}
