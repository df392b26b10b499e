"""The record as one page for A4 paper: nothing from elsewhere, no script, black on white."""

from html import escape
from typing import Final

from firmware_config.acceptance.record import Fact, Outcome, Record, Trial

MARKS: Final[dict[Outcome, tuple[str, str, str]]] = {
    "well": ("✓", "Đạt", "passed"),
    "failed": ("✗", "KHÔNG ĐẠT", "FAILED"),
    "look": ("◐", "Cần nhìn tận mắt", "look at it"),
    "untested": ("", "Chưa thử", "not tried"),
}

STYLE: Final = """
@page { size: A4; margin: 14mm 15mm 15mm }
* { box-sizing: border-box }
html { font: 9.5pt/1.32 "Noto Sans", "Be Vietnam Pro", "DejaVu Sans", Arial, sans-serif;
       color: #000; background: #fff }
body { margin: 0 auto; max-width: 180mm }
small { font-size: 7.5pt; font-weight: 400; color: #444 }
header { border-bottom: 1.6pt solid #000; padding-bottom: 3mm; margin-bottom: 3mm;
         display: flex; justify-content: space-between; align-items: flex-end; gap: 8mm }
h1 { font-size: 17pt; line-height: 1.15; margin: 0 }
h1 small { display: block; font-size: 9pt; margin-top: .6mm }
header p { margin: 0; text-align: right; white-space: nowrap }
.sum { font-size: 10.5pt; margin: 0 0 3mm; padding: 2mm 3mm; border: .8pt solid #000 }
.sum b { font-size: 12pt }
h2 { font-size: 11pt; margin: 4mm 0 1mm; break-after: avoid }
table { width: 100%; border-collapse: collapse }
tr { break-inside: avoid }
th, td { text-align: left; vertical-align: top; padding: .75mm 1.5mm; font-weight: 400;
         border-bottom: .4pt solid #999; overflow-wrap: anywhere }
.facts th { width: 58mm }
.facts td { font-weight: 600 }
.none { font-weight: 400; color: #555 }
.tries td:nth-child(1) { width: 7mm }
.tries td:nth-child(3) { width: 34mm }
.box { display: inline-block; width: 4mm; height: 4mm; border: .8pt solid #000; line-height: 3.6mm;
       text-align: center; font-weight: 700 }
.failed { font-weight: 700 }
.seen { display: block; font: 7.8pt/1.25 "Noto Sans Mono", "DejaVu Sans Mono", monospace;
        color: #333 }
.write { height: 14mm; border: .4pt solid #999; padding: 1mm 1.5mm; margin-top: 3mm }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 12mm; margin-top: 6mm;
        break-inside: avoid; text-align: center }
.sign div { padding-top: 20mm }
.sign p { margin: 0 }
.line { border-top: .6pt dotted #000; padding-top: 1mm; text-align: left; margin: 0 0 4mm }
"""


def page(record: Record) -> str:
    """The whole HTML text; the title names the box and the day."""
    host, day = record.value("host"), record.made_at[:10]
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Nghiệm thu {escape(host)} {day}</title>
<style>{STYLE}</style></head><body>
<header><h1>Biên bản nghiệm thu<small lang="en">Lấy Số · acceptance record</small></h1>
<p><b>{escape(host)}</b><br>{_moment(record.made_at)}</p></header>
{_sum(record)}
<h2>Máy <small lang="en">the box</small></h2>
<table class="facts">{"".join(map(_fact, record.facts))}</table>
<h2>Máy tự kiểm tra <small lang="en">what the box tried by itself</small></h2>
{_tries(record.trials)}
<h2>Người kiểm tra <small lang="en">what people saw and heard</small></h2>
{_tries(record.answers)}
<div class="write">Ghi chú <small lang="en">remarks</small></div>
{_signatures()}
</body></html>
"""


def _moment(made_at: str) -> str:
    day, time = made_at[:10].split("-"), made_at[11:16]
    return f"{time} · {'/'.join(reversed(day))} <small>{escape(made_at[19:])}</small>"


def _sum(record: Record) -> str:
    well, failed = record.count("well"), record.count("failed")
    look, untested = record.count("look"), record.count("untested")
    vi = f"{well} mục đạt · {failed} không đạt · {look} cần nhìn · {untested} chưa thử"
    en = f"{well} passed, {failed} failed, {look} to look at, {untested} not tried"
    if failed:
        verdict = "CHƯA ĐẠT"
    else:
        verdict = "CHƯA ĐỦ" if untested or look else "ĐẠT"
    return f'<p class="sum"><b>{verdict}</b> · {vi}<br><small lang="en">{en}</small></p>'


def _fact(fact: Fact) -> str:
    value = escape(fact.value) or '<span class="none">không rõ <small>unknown</small></span>'
    return f'<tr><th>{fact.vi} <small lang="en">{fact.en}</small></th><td>{value}</td></tr>'


def _tries(tries: tuple[Trial, ...]) -> str:
    if not tries:
        return '<p>Không có gì để thử. <small lang="en">Nothing to try.</small></p>'
    return f'<table class="tries">{"".join(map(_trial, tries))}</table>'


def _trial(trial: Trial) -> str:
    mark, vi, en = MARKS[trial.outcome]
    english = f' <small lang="en">{escape(trial.en)}</small>' if trial.en else ""
    seen = f'<span class="seen">{escape(trial.seen)}</span>' if trial.seen else ""
    return (
        f'<tr class="{trial.outcome}"><td><span class="box">{mark}</span></td>'
        f"<td>{escape(trial.vi)}{english}{seen}</td>"
        f'<td>{vi} <small lang="en">{en}</small></td></tr>'
    )


def _signatures() -> str:
    both = (("Người lắp đặt", "technician"), ("Đại diện trung tâm", "for the centre"))
    return (
        '<div class="sign">'
        + "".join(
            f'<section><p><b>{vi}</b> <small lang="en">{en}</small></p><div></div>'
            '<p class="line">Họ tên <small lang="en">name</small></p>'
            '<p class="line">Ngày <small lang="en">date</small></p></section>'
            for vi, en in both
        )
        + "</div>"
    )
