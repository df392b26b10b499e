"""The routes about what a centre is: its configuration and its procedures."""

from typing import Final

from server.web import content_handlers
from server.web.operation import ApiOperation, roles
from wire import configuration, procedures

_MANAGERS: Final = roles("manager admin")
_PROCEDURES: Final = "/centres/{centre}/procedures"
_REFUSED: Final = ("configuration_refused", "version_conflict")

CONFIGURATION: Final = (
    ApiOperation(
        name="get_configuration",
        method="GET",
        path="/centres/{centre}/configuration",
        summary="A centre's configuration, whole, with what of it only applies from tomorrow",
        roles=_MANAGERS,
        answer=configuration.ConfigurationView,
        run=content_handlers.get_configuration,
    ),
    ApiOperation(
        name="replace_configuration",
        method="POST",
        path="/centres/{centre}/configuration",
        summary="Replace it whole, by the rules of a centre file; version 0 makes a centre",
        roles=_MANAGERS,
        may_be_new=True,
        body=configuration.ConfigurationRequest,
        answer=configuration.ConfigurationView,
        refusals=_REFUSED,
        run=content_handlers.replace_configuration,
    ),
)

PROCEDURES: Final = (
    ApiOperation(
        name="get_catalogue",
        method="GET",
        path="/centres/{centre}/catalogue",
        summary="Every procedure of a centre, also those that are not taken in now",
        roles=_MANAGERS,
        answer=procedures.Catalogue,
        run=content_handlers.get_catalogue,
    ),
    ApiOperation(
        name="export_procedures",
        method="GET",
        path=f"{_PROCEDURES}.csv",
        summary="The procedures as a table; a cell like a formula begins with an apostrophe",
        roles=_MANAGERS,
        media="text/csv; charset=utf-8",
        answer=str,
        run=content_handlers.export_procedures,
    ),
    ApiOperation(
        name="preview_procedures",
        method="POST",
        path=f"{_PROCEDURES}/preview",
        summary="What a table would do, with every fault; nothing is changed",
        roles=_MANAGERS,
        table=True,
        body=procedures.TableRequest,
        answer=procedures.TablePreview,
        run=content_handlers.preview_procedures,
    ),
    ApiOperation(
        name="import_procedures",
        method="POST",
        path=f"{_PROCEDURES}/import",
        summary="Replace the procedures by a table that was previewed",
        roles=_MANAGERS,
        table=True,
        body=procedures.TableImport,
        answer=procedures.TableTaken,
        refusals=_REFUSED,
        run=content_handlers.import_procedures,
    ),
    ApiOperation(
        name="save_procedure",
        method="POST",
        path=f"{_PROCEDURES}/{{procedure}}",
        summary="Change a procedure, or add one",
        roles=_MANAGERS,
        body=procedures.ProcedureRequest,
        answer=procedures.CatalogueEntry,
        refusals=("unknown_service", *_REFUSED),
        run=content_handlers.save_procedure,
    ),
    ApiOperation(
        name="remove_procedure",
        method="POST",
        path=f"{_PROCEDURES}/{{procedure}}/remove",
        summary="Drop a procedure",
        roles=_MANAGERS,
        body=procedures.ProcedureRemoval,
        answer=procedures.CatalogueEntry,
        refusals=("version_conflict",),
        run=content_handlers.remove_procedure,
    ),
)
