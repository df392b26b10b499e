"""What the operations about a centre's configuration and procedures do once admitted."""

import re
from typing import Any, Final

from server.service.procedure_edits import unknown_procedure
from server.web.operation import Asked
from server.web.services import Services
from wire.ids import PROCEDURE

_IS_CODE: Final = re.compile(PROCEDURE).fullmatch


def get_configuration(services: Services, asked: Asked) -> Any:
    """Read a centre's configuration."""
    return services.configurations.view(asked.centre)


def replace_configuration(services: Services, asked: Asked) -> Any:
    """Replace a centre's configuration, or make a centre."""
    return services.configurations.replace(asked.caller, asked.centre, asked.body, asked.operation)


def get_catalogue(services: Services, asked: Asked) -> Any:
    """Read every procedure of a centre."""
    return services.procedure_edits.catalogue(asked.centre)


def export_procedures(services: Services, asked: Asked) -> Any:
    """Write a centre's procedures as CSV."""
    return services.procedure_edits.export(asked.centre)


def preview_procedures(services: Services, asked: Asked) -> Any:
    """Say what a table would do."""
    return services.procedure_edits.preview(asked.centre, asked.body.table)


def import_procedures(services: Services, asked: Asked) -> Any:
    """Take a table that was previewed."""
    return services.procedure_edits.take_table(
        asked.caller, asked.centre, asked.body, asked.operation
    )


def save_procedure(services: Services, asked: Asked) -> Any:
    """Change or add one procedure."""
    return services.procedure_edits.save(
        asked.caller, asked.centre, _code(asked), asked.body, asked.operation
    )


def remove_procedure(services: Services, asked: Asked) -> Any:
    """Drop one procedure."""
    return services.procedure_edits.remove(
        asked.caller, asked.centre, _code(asked), asked.body, asked.operation
    )


def _code(asked: Asked) -> str:
    code = asked.path["procedure"]
    if not _IS_CODE(code):
        raise unknown_procedure(asked.centre, code)
    return code
