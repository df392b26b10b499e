// The questions and answers that cover the page; what is behind them is inert.

import { html, svg } from "/look/vendor/lit.js";
import { moreTimeMs } from "./flow.js";
import { GROUPS } from "/look/js/groups.js";
import { helpDialog } from "./help.js";
import { icon } from "/look/js/icons.js";

function ring(s, left_s) {
  const share = Math.max(0, (left_s * 1000) / moreTimeMs(s)) * 100;
  return svg`<svg class="ring" viewBox="0 0 120 120" role="img" aria-label=${s.say("kiosk.seconds_left", { n: left_s })}>
    <circle class="ring-t" cx="60" cy="60" r="52"/>
    <circle class="ring-v" cx="60" cy="60" r="52" pathLength="100" stroke-dasharray="${share} 100" transform="rotate(-90 60 60)"/>
    <text x="60" y="76" text-anchor="middle">${left_s}</text></svg>`;
}

function idle(s) {
  const left = Math.max(0, Math.ceil((s.askedAt + moreTimeMs(s) - s.now) / 1000));
  return html`<div class="scrim"><div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="dialog-h" aria-describedby="dialog-p">
    ${ring(s, left)}
    <h2 id="dialog-h">${s.say("kiosk.more_time")}</h2><p id="dialog-p">${s.say("kiosk.more_time_why")}</p>
    <div class="dialog-act">
      <button type="button" class="btn btn-main btn-big" id="dialog-first" @click=${() => s.act.more_time()}>${s.say("kiosk.more_time_yes")}</button>
      <button type="button" class="btn btn-line btn-big" @click=${() => s.act.reset()}>${s.say("kiosk.start_over")}</button></div></div></div>`;
}

function groups(s) {
  const other = s.language === "vi" ? "en" : "vi";
  return html`<div class="scrim"><div class="dialog dialog-prio" role="dialog" aria-modal="true" aria-labelledby="dialog-h" aria-describedby="dialog-p">
    <h2 id="dialog-h">${s.say("kiosk.which_group")}</h2><p id="dialog-p">${s.say("kiosk.which_group_more")}</p>
    <ul class="prio-list">${GROUPS.map(([group, picture], index) => html`<li>
      <button type="button" data-priority=${group} id=${index === 0 ? "dialog-first" : `group-${group}`}
        @click=${() => s.act.priority(group)}>${icon(picture)}
        <span><b>${s.say(`kiosk.group.${group}`)}</b><span lang=${other}>${s.sayOther(`kiosk.group.${group}`)}</span></span></button></li>`)}</ul>
    <div class="dialog-act"><button type="button" class="btn btn-line btn-big" @click=${() => s.act.close_dialog()}>${s.say("kiosk.back")}</button></div>
  </div></div>`;
}

export function dialog(s) {
  return { idle, priority: groups, help: helpDialog }[s.dialog](s);
}
