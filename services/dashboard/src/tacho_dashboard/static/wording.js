/** How the parts of an alert or episode are said: its value in the rule's unit, and the command that acknowledges its episode. */
import { decimal, duration, gear, integer, rpm, speed } from "./format.js";

export const SEVERITIES = ["critical", "warning", "info"];

/** Where a severity stands, worst first; one we do not know comes last. */
export function rankOf(severity) {
  const rank = SEVERITIES.indexOf(severity);
  return rank < 0 ? SEVERITIES.length : rank;
}

/** A value of a rule's measure with its unit; without one if the rules do not tell what it measures. */
export function measured(rules, ruleId, value) {
  const rule = rules?.find((known) => known.id === ruleId);
  if (rule?.field === "speed") return speed(value);
  if (rule?.field === "rpm") return rpm(value);
  if (rule?.field === "gear") return `gear ${gear(value)}`;
  if (rule?.field === "acceleration") return `${decimal(value)} m/s²`;
  if (rule?.field === "silence") return duration(value * 1000);
  return Number.isInteger(value) ? integer(value) : decimal(value);
}

/** The command to acknowledge an episode, safe to paste whatever its id holds. */
export function ackCommand(episodeId) {
  return `tacho ack ${quoted(String(episodeId))} --note "..."`;
}

function quoted(word) {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
