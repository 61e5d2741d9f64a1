// Numbers as a reader wants them: four significant digits, thousands grouped, one unit a column.

const kDigits = 4;
const kNone = "–";

// toLocaleString takes tens of milliseconds when it is first used.
function grouped(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

export function num(value, digits = kDigits) {
  if (value === null || value === undefined || Number.isNaN(value)) return kNone;
  if (value === 0) return "0";
  const shown = Number(value.toPrecision(digits)), size = Math.abs(shown);
  if (size >= 1e15 || size < 1e-6) return value.toExponential(digits - 1).replace("e+", "e");
  if (size >= 10 ** (digits - 1) || Number.isInteger(value)) return grouped(String(Math.round(value)));
  return shown.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}

// A label of an axis: the digits that the value has.
export function tick(value) {
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-4)) return value.toExponential().replace("e+", "e");
  const [whole, part] = String(Number(value.toPrecision(6))).split(".");
  return part ? `${grouped(whole)}.${part}` : grouped(whole);
}

// Units of one quantity, largest first: [name, how many of the given unit].
export const kPower = [["kW", 1e6], ["W", 1e3], ["mW", 1], ["µW", 1e-3]];          // given in mW
export const kTime = [["s", 1e3], ["ms", 1], ["µs", 1e-3], ["ns", 1e-6]];         // ms
export const kEnergy = [["J", 1e3], ["mJ", 1], ["µJ", 1e-3], ["nJ", 1e-6], ["pJ", 1e-9]];  // mJ
export const kBytes = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3], ["B", 1]];          // B
export const kArea = [["mm²", 1]];

// The largest unit in which `most` is at least 1, so that a column or axis keeps one unit.
export function unitFor(most, units) {
  const size = Math.abs(most);
  return units.find(([, one]) => size >= one) ?? units[units.length - 1];
}

export function quantity(value, units) {
  if (value === null || value === undefined) return kNone;
  const [name, one] = unitFor(value, units);
  return `${num(value / one)} ${name}`;
}

export function percent(share) {
  return `${num(100 * share, 3)} %`;
}

export function count(n) {
  return grouped(String(Math.round(n)));
}
