// What an offer comes to: its figures and its words, for the screen and for the voice. Pure.

import { centreNames, clock, dayOf, kilometres, minutes } from "/look/js/text.js";

const SCALE_MIN = 45; // both bars are drawn on this scale, or on the longer of the two
const QUIET_S = 600;
const whole = (seconds) => (seconds < 60 ? 0 : minutes(seconds));

// What stands on the screen, in whole minutes, so that what is shown adds up.
export function figures(s) {
  const { wait, waiting, offers } = s.offer;
  const here = { waiting, wait: wait ? whole(wait.likely_s) : null };
  const [first] = offers;
  if (!first) return { here, there: null, scale: SCALE_MIN };
  const ride = Math.round(first.travel_s / 60);
  const there = { ...first, ride, wait: whole(first.wait_s), names: centreNames(first.name[s.language], s.language) };
  there.total = there.ride + there.wait;
  return { here, there, scale: Math.max(SCALE_MIN, here.wait ?? 0, there.total) };
}

// "Nơi đây đóng cửa lúc 17:00; chờ khoảng 95 phút …", and when numbers are given out next.
export function lateWords(s, here) {
  const { closes_at: closes, opens_next: opens } = s.offer;
  const zone = s.view.centre.timezone;
  const time = closes ? clock(new Date(closes), s.language, zone) : "";
  const why = here.wait ? "kiosk.late.more" : "kiosk.late.more_none";
  const next = opens && s.say("kiosk.late.next", {
    time: clock(new Date(opens), s.language, zone),
    day: dayOf(new Date(opens), s.language, zone),
  });
  return [s.say(why, { time, n: here.wait ?? 0 }), next].filter(Boolean);
}

export function offerWords(s, here, there) {
  const values = { centre: there.names.full, km: kilometres(there.km, s.language), there: there.wait, here: here.wait ?? 0 };
  if (!s.offer.fits) {
    return { title: [s.say("kiosk.late.title"), s.say("kiosk.late.there", values)], lines: lateWords(s, here).join(" ") };
  }
  const second = there.wait_s <= QUIET_S ? "kiosk.offer.quiet" : "kiosk.offer.quicker";
  const more = there.wait === 0 ? "kiosk.offer.more_none" : "kiosk.offer.more";
  return { title: [s.say("kiosk.offer.busy"), s.say(second, values)], lines: s.say(more, values) };
}
