/** The page that guides show: hls.js with its defaults. A channel that is not live yet is asked for ten times a second. */
export const watchPage = `<!doctype html>
<meta charset="utf-8">
<title>Reference</title>
<video muted autoplay playsinline width="640" height="360"></video>
<script src="/hls.min.js"></script>
<script>
  const address = "/hls/" + new URLSearchParams(location.search).get("channel") + ".m3u8";
  async function play() {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok || !(await answer.text()).includes("#EXTINF")) return setTimeout(play, 100);
    const hls = new Hls();
    hls.loadSource(address);
    hls.attachMedia(document.querySelector("video"));
  }
  play();
</script>
`;

/** A link to each channel. */
export function homePage(channels: string[]): string {
  const links = channels.map((name) => `<p><a href="/watch.html?channel=${name}">${name}</a></p>`);
  return `<!doctype html>\n<meta charset="utf-8">\n<title>Reference</title>\n${links.join("\n")}\n`;
}
