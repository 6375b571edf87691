import "server-only";

/** Line breaks and other controls. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * What is there without being seen (Unicode: Default_Ignorable_Code_Point): bidi controls that turn the text around them,
 * zero-width characters that make two names look like one, fillers. Joiners stay where scripts and emoji need them.
 */
const unseen =
  /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})|(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic})|(?<=[\p{Emoji}])[\ufe0e\ufe0f]|(\p{Default_Ignorable_Code_Point}|[\u2800\ufff9-\ufffb]|\p{Cs})/gu;

/** Text that people wrote, as one line that looks like what it says. */
export function oneLine(text: string): string {
  return text
    .replace(controls, " ")
    .replace(unseen, (match, isUnseen) => (isUnseen ? "" : match))
    .trim();
}
