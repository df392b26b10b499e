"""A panel of any make that takes one frame of bytes: the config says which, byte by byte."""

from typing import Any, Final

from display.drivers.serial_wire import SerialWire, shared_wire, timeout_of
from display.errors import PanelGarbled
from display.frames.fields import Scene
from display.frames.panel_text import LARGEST_NUMBER, fitted
from display.frames.template import LONGEST, Template, TemplateFault
from wire.checks import Table

# Which template a state has, where there is more than one.
KINDS: Final = ("blank", "free", "number", "called")
KEYS: Final = ("blank_template", "free_template", "template", "blink_template")


class FramePanel:
    """Fills its template and sends it; waits for the reply where the config knows one.

    Without `reply` and `reply_length` nothing comes back: `show` returns once the frame is on
    the wire, `answers` is false, and a dead panel looks like a living one.
    """

    def __init__(
        self,
        serial: SerialWire,
        templates: dict[str, Template],
        blank: Scene,
        *,
        reply: Template | None,
        reply_length: int,
        timeout_s: float,
    ) -> None:
        self._serial = serial
        self._templates = templates
        self._blank = blank
        self._reply = reply
        self._reply_length = reply.size if reply is not None else reply_length
        self._timeout_s = timeout_s
        self.text_length = blank.length
        called = templates["called"]
        self.blinks = called is not templates["number"] or called.blinks
        self.answers = self._reply_length > 0
        self.wire = serial.name
        addressed = any(template.addressed for template in templates.values())
        self.address = str(blank.unit) if addressed else ""
        self.place = f"{serial.port} · {blank.unit}" if addressed else serial.port

    def show(self, text: str, *, blink: bool) -> None:
        """See `display.ports.Panel`."""
        scene = self.scene(text, blink=blink)
        frame = self._templates[KINDS[scene.state]].render(scene)
        if not self.answers:
            self._serial.send(frame)
            return
        reply = self._serial.exchange(
            frame,
            lambda so_far: self._reply_length - len(so_far),
            peer=f"frame {self.place}",
            timeout_s=self._timeout_s,
        )
        if self._reply is not None and reply != self._reply.render(scene, reply):
            raise PanelGarbled(f"that is not the reply of the config ({reply.hex(' ')})")

    def scene(self, text: str, *, blink: bool) -> Scene:
        """What the templates are filled with."""
        blank = self._blank
        return Scene(
            unit=blank.unit,
            text=fitted(text, blank.length),
            blink=blink and self.blinks,
            length=blank.length,
            free_number=blank.free_number,
            blank_number=blank.blank_number,
            blank_code=blank.blank_code,
            dash_code=blank.dash_code,
        )

    def close(self) -> None:
        """See `display.ports.Panel`."""
        self._serial.close()


def open_panel(options: Table, shared: dict[str, Any]) -> FramePanel:
    """See `display.ports.OpenPanel`."""
    bits = options.integer("data_bits", 8, low=7, high=8, what="the bits of a character")
    serial = shared_wire(options, shared, data_bits=bits)
    length = options.integer("text_length", 6, low=1, high=32, what="a number of characters")
    blank = Scene(
        unit=options.integer("unit", 1, low=0, high=255, what="an address"),
        text=" " * length,
        blink=False,
        length=length,
        free_number=_number(options, "free_number"),
        blank_number=_number(options, "blank_number"),
        blank_code=options.integer("blank_code", 0x0F, low=0, high=255, what="a byte"),
        dash_code=options.integer("dash_code", 0x0A, low=0, high=255, what="a byte"),
    )
    templates = _templates(options, length)
    for key, template in zip(KEYS, templates.values(), strict=True):
        if options.has(key) and (cut := template.cut_short(blank.unit, bits)):
            options.fault(key, cut)
    reply = _template(options, "reply", length, required=False)
    reply_length = options.integer("reply_length", 0, low=0, high=LONGEST, what="bytes")
    if reply is not None and reply_length:
        options.fault("reply_length", "goes without saying where there is a reply; leave it out")
    panel = FramePanel(
        serial,
        templates,
        blank,
        reply=reply,
        reply_length=reply_length,
        timeout_s=timeout_of(options),
    )
    _refuse_shared_unit(options, shared, serial, panel)
    return panel


def _number(options: Table, key: str) -> int:
    what = "what {hi} and {lo} carry"
    return options.integer(key, 0, low=0, high=LARGEST_NUMBER, what=what)


def _templates(options: Table, length: int) -> dict[str, Template]:
    """One template a state; those that the config leaves out are the first one."""
    usual = _template(options, "template", length, required=True) or Template("00", length)
    called = _template(options, "blink_template", length, required=False) or usual
    free = _template(options, "free_template", length, required=False) or usual
    blank = _template(options, "blank_template", length, required=False) or usual
    return dict(zip(KINDS, (blank, free, usual, called), strict=True))


def _template(options: Table, key: str, length: int, *, required: bool) -> Template | None:
    what = "the bytes of a frame, such as 'AA {unit} {text} {sum8} 55'"
    text = options.text(key, None if required else "", what=what)
    if not text:
        return None
    try:
        return Template(text, length, reply=key == "reply")
    except TemplateFault as faults:
        for line in str(faults).splitlines():
            options.fault(key, line)
        return None


def _refuse_shared_unit(
    options: Table, shared: dict[str, Any], serial: SerialWire, panel: FramePanel
) -> None:
    if not panel.address:
        return
    first = shared.setdefault(f"frame:{serial.port}:{panel.address}", options)
    if first is not options:
        said = f"another panel on '{serial.port}' has the address {panel.address} already"
        options.fault("unit", said)
