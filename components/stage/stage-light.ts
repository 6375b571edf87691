/** One lamp's beam in a picture of 1600 by 900. */
export type Beam = { x: number; leanDegrees: number; spreadDegrees: number; colour: string; strength: number };
export type StageLight = { beams: Beam[]; pool: { x: number; colour: string } };

/** Gels that go well together; each stage takes one set. */
const gelSets = [
  ["#ffcf87", "#ff8a5c", "#ffe6c2"],
  ["#8fd3ff", "#5e8cff", "#fff0d0"],
  ["#ff9ec7", "#ffb46b", "#ffe9d6"],
  ["#7be0c3", "#ffd98a", "#d8fff1"],
  ["#c2a4ff", "#ff9d9d", "#f4e9ff"],
  ["#ffe08a", "#9be07b", "#fff6d6"],
] as const;

/**
 * The light of a channel's stage: made from its handle, so that it is always the same and unlike its neighbours'. Pure.
 */
export function stageLightOf(seed: string): StageLight {
  const random = randomFrom(seed);
  const gels = gelSets[Math.floor(random() * gelSets.length)] ?? gelSets[0];
  const count = 4 + Math.floor(random() * 2);
  const focus = 620 + random() * 360;
  const beams = Array.from({ length: count }, (_, index): Beam => {
    const x = ((index + 0.5) / count) * 1500 + 50 + (random() - 0.5) * 120;
    const towards = (Math.atan2(focus - x, 1100) * 180) / Math.PI;
    return {
      x: Math.round(x),
      leanDegrees: Math.round((towards * (0.55 + random() * 0.6) + (random() - 0.5) * 8) * 10) / 10,
      spreadDegrees: Math.round((5 + random() * 6) * 10) / 10,
      colour: gels[index % gels.length] ?? gels[0],
      strength: Math.round((0.34 + random() * 0.4) * 100) / 100,
    };
  });
  return { beams, pool: { x: Math.round(focus), colour: gels[2] } };
}

/** One of the audience, seen from behind, in a picture of 1600 by 900. `isNear`: in the front row, so larger. */
export type Head = { x: number; y: number; radius: number; isNear: boolean };

/** How many heads a picture shows: somebody as soon as anybody watches, a full house from a few hundred on. */
export function crowdSize(viewers: number): number {
  return viewers < 1 ? 0 : Math.min(30, Math.round(3 + Math.log2(viewers) * 3.2));
}

/** The audience in front of a stage, gathered around its middle. Pure, and the same for the same seed. */
export function crowdOf(seed: string, size: number): Head[] {
  const random = randomFrom(`${seed}/crowd`);
  return Array.from({ length: size }, (_, index): Head => {
    const isNear = index % 2 === 1;
    const side = index % 4 < 2 ? 1 : -1;
    const away = (Math.floor(index / 2) + 0.3 + random() * 0.5) * (isNear ? 118 : 96);
    return {
      x: Math.round(930 + side * away),
      y: Math.round((isNear ? 792 : 728) + random() * 34),
      radius: Math.round((isNear ? 33 : 25) + random() * 6),
      isNear,
    };
  });
}

/** A small deterministic generator (FNV-1a seed, mulberry32 steps) of numbers in [0, 1). */
function randomFrom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
