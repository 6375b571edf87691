import { join } from "node:path";
import { PROJECT_ROOT } from "../project-root";

const font = join(PROJECT_ROOT, "node_modules/pretendard/dist/public/static/Pretendard-Bold.otf");

// The gradient turns slowly, so a small one scaled up looks the same and costs a sixteenth.
const gradient =
  "gradients=s=320x180:r=30:x0=0:y0=0:x1=320:y1=180:n=4:c0=0x14082b:c1=0x5b2a86:c2=0xd1495b:c3=0x0f4c5c:speed=0.01";

// A fifth over a low note, climbing every two seconds, plucked twice a second.
const step = "floor(mod(t\\,8)/2)";
const chord = [`sin(2*PI*t*(220+55*${step}))`, `0.6*sin(2*PI*t*(330+82.5*${step}))`, "0.5*sin(2*PI*t*110)"].join("+");
const tune = `aevalsrc=exprs='0.08*(${chord})*(0.35+0.65*exp(-3*mod(t\\,0.5)))':s=48000:c=stereo`;

/** A filter argument in quotes: a path may hold `:` and spaces. */
const quoted = (text: string) => `'${text.replace(/\\/g, "/").replace(/'/g, "'\\\\\\''").replace(/:/g, "\\:")}'`;

function drawText(text: string, size: number, y: number): string {
  return `drawtext=fontfile=${quoted(font)}:text='${text}':fontcolor=white:fontsize=${size}:x=(w-tw)/2:y=${y}`;
}

/**
 * ffmpeg's arguments for a moving 720p30 picture with a clock and a tune, in real time, endless: H.264 with a key frame every
 * 2 s, and AAC. `canDrawText`: this ffmpeg was built with libfreetype; without it the picture has no clock.
 */
export function testPictureArgs(address: string, canDrawText: boolean): string[] {
  const texts = canDrawText ? [drawText("LIVEHOUSE", 42, 190), drawText("%{localtime\\:%T}", 150, 250)] : [];
  const graph = [
    "[0:v]scale=1280:720:flags=bilinear[ground]",
    "[1:a]asplit[sound][shape]",
    "[shape]volume=3,showwaves=s=1280x200:r=30:mode=cline:colors=0xffffff,format=yuva420p,colorchannelmixer=aa=0.35[wave]",
    `[ground][wave]${["overlay=0:500", ...texts, "format=yuv420p"].join(",")}[picture]`,
  ].join(";");
  return [
    ["-hide_banner", "-loglevel", "error", "-nostdin"],
    ["-re", "-f", "lavfi", "-i", gradient, "-re", "-f", "lavfi", "-i", tune],
    ["-filter_complex", graph, "-map", "[picture]", "-map", "[sound]"],
    ["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-g", "60", "-keyint_min", "60"],
    ["-sc_threshold", "0", "-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k"],
    ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2", "-f", "flv", address],
  ].flat();
}
