// How a centre's hall is divided into columns. Pure.

export const MANY_COUNTERS = 30;
export const LAST = { one: 5, two: 3 };

// 1, 2, 3, 7 becomes "1–3, 7".
export function ranges(numbers) {
  const runs = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number <= run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}

function column(side, zones, info) {
  const ids = new Set(zones.map((zone) => zone.id));
  const counters = info.counters.filter((counter) => ids.has(counter.zone));
  return {
    side,
    zones,
    ids,
    counters: ranges(counters.map((counter) => counter.number)),
    services: new Set(counters.flatMap((counter) => counter.services)),
  };
}

function halves(zones) {
  const left = zones.filter((zone) => zone.side === "left");
  const right = zones.filter((zone) => zone.side === "right");
  if (left.length > 0 && right.length > 0) {
    const ahead = zones.filter((zone) => zone.side === "ahead");
    return left.length <= right.length
      ? [[...left, ...ahead], right]
      : [left, [...ahead, ...right]];
  }
  const middle = Math.ceil(zones.length / 2);
  return [zones.slice(0, middle), zones.slice(middle)];
}

function sideOf(zones, fallback) {
  return zones.every((zone) => zone.side === zones[0].side) ? zones[0].side : fallback;
}

// The columns of the screen: one for a zone or a small hall, two for a large hall with zones.
export function columnsOf(info, zoneId) {
  const zone = info.zones.find((one) => one.id === zoneId);
  if (zone) return [{ ...column(zone.side, [zone], info), first: zone === info.zones[0] }];
  if (info.zones.length >= 2 && info.counters.length >= MANY_COUNTERS) {
    const [left, right] = halves(info.zones);
    return [
      column(sideOf(left, "left"), left, info),
      column(sideOf(right, "right"), right, info),
    ];
  }
  const services = new Set(info.services.map((service) => service.id));
  return [{ side: null, zones: [], ids: null, counters: "", services }];
}

// The calls of one column; a call without a zone is shown in the first one, or on the screen of the
// first zone, whose loudspeaker says it. None is lost.
export function callsOf(columns, index, calls) {
  const here = columns[index];
  if (!here.ids) return calls;
  if (columns.length === 1) {
    return calls.filter((call) => here.ids.has(call.zone) || (here.first && !call.zone));
  }
  const placed = (call) => columns.some((one) => one.ids.has(call.zone));
  return calls.filter((call) => here.ids.has(call.zone) || (index === 0 && !placed(call)));
}

// Split a list evenly into pages of at most `size`.
export function pages(items, size) {
  const count = Math.max(1, Math.ceil(items.length / size));
  const each = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, page) => items.slice(page * each, (page + 1) * each));
}

// How long a zone's name is, from one that fits in large letters to one that needs small lines.
export function nameSize(name) {
  if (name.length <= 8) return "z1";
  if (name.length <= 20) return "z2";
  return name.length <= 52 ? "z3" : "z4";
}
