/** `−0:25`, `−9:58`: as clocks of players show what lies behind live. */
export function behindClock(seconds: number): string {
  const { minutes, seconds: rest } = minutesAndSeconds(seconds);
  return `−${minutes}:${String(rest).padStart(2, "0")}`;
}

/** For the words: whole minutes, and the seconds that remain. */
export function minutesAndSeconds(seconds: number): { minutes: number; seconds: number } {
  const whole = Math.max(0, Math.round(seconds));
  return { minutes: Math.floor(whole / 60), seconds: whole % 60 };
}
