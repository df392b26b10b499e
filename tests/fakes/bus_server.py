"""pymodbus's own serial server on a PTY, its registers readable from outside. A program.

    python bus_server.py DEVICE BAUD UNIT[,UNIT…]

A line on stdin, `UNIT START COUNT`, is answered with the holding registers as JSON. Its
panels have 16 registers; register 15 refuses every write.
"""

import asyncio
import json
import sys

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

DEVICE, BAUD, UNITS = sys.argv[1], int(sys.argv[2]), [int(u) for u in sys.argv[3].split(",")]
seen: dict[int, list[int]] = {unit: [0] * 16 for unit in UNITS}


def device(unit: int) -> SimDevice:
    async def keep(
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | None,
    ) -> ExcCodes | None:
        del function, start, registers
        if values is not None and address + count > 15:
            return ExcCodes.ILLEGAL_ADDRESS
        if values is not None:
            seen[unit][address : address + count] = values
        return None

    registers = SimData(0, count=16, values=0, datatype=DataType.REGISTERS)
    return SimDevice(unit, simdata=registers, action=keep)


async def main() -> None:
    server = ModbusSerialServer(
        [device(unit) for unit in UNITS],
        port=DEVICE,
        baudrate=BAUD,
        ignore_missing_devices=True,
    )
    serving = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0.05)
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        unit, start, count = map(int, line.split())
        print(json.dumps(seen[unit][start : start + count]), flush=True)
    serving.cancel()


asyncio.run(main())
