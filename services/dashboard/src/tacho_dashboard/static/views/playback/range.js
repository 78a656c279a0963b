/** The range of the log that can be played back, and moments as a `datetime-local` field writes them (the viewer's zone). */
import { dateTime, present } from "../../format.js";

/** {first, last} in ms, both null while the log is empty. Raises an Error with a sentence for people. */
export async function retained() {
  let answer;
  try {
    answer = await fetch("api/v1/playback/range");
  } catch {
    throw new Error("The dashboard does not answer, so what can be played back is not known.");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `The dashboard answered ${answer.status} when asked what can be played back.`);
  return { first: said.first ?? null, last: said.last ?? null };
}

/** What is wrong with a wish, as a sentence; "" if nothing is. */
export function objection({ from, to }, range) {
  if (!present(from) || !present(to)) return "Give both a beginning and an end.";
  if (from >= to) return "The beginning must be before the end.";
  if (present(range?.first) && (to <= range.first || from > range.last)) {
    return `Nothing is kept of that time: the log holds ${dateTime(range.first)} to ${dateTime(range.last)}.`;
  }
  return "";
}

/** ms -> "2026-11-25T22:40:00" in the viewer's zone; "" if absent. */
export function toField(ms) {
  if (!present(ms)) return "";
  const moment = new Date(ms);
  return new Date(ms - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** The ms of a field's text in the viewer's zone; NaN if it holds none. */
export function fromField(text) {
  return text ? new Date(text).getTime() : Number.NaN;
}
