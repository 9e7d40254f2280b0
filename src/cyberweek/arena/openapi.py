"""The API's own description, OpenAPI 3.1, encoded once."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from cyberweek.arena.attempts import Join, Sent
from cyberweek.arena.passports import Application
from cyberweek.arena.proofs import Challenge
from cyberweek.arena.runs import SentStep

Schema = dict[str, Any]
JSON: Final = "application/json"
CODES: Final = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
TEXT: Final = {"type": "string"}
WHOLE: Final = {"type": "integer", "minimum": 0}
INSTANT: Final = {"type": "string", "format": "date-time"}
UUID: Final = {"type": "string", "format": "uuid"}


def _object(_optional: Mapping[str, Schema] | None = None, /, **properties: Schema) -> Schema:
    everything = {**properties, **(_optional or {})}
    return {"type": "object", "properties": everything, "required": list(properties), "additionalProperties": False}


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _request_schemas() -> dict[str, Schema]:
    _, schemas = msgspec.json.schema_components(
        [Application, Challenge, Join, Sent, SentStep], ref_template="#/components/schemas/{name}"
    )
    nickname = {"minLength": 1, "description": "1 to 20 characters after NFC and trimming; no controls, no < or >."}
    schemas["Application"]["properties"]["nickname"] |= nickname
    schemas["Application"]["properties"]["proof"]["description"] = (
        "A solved challenge: {challenge, solution} as JSON in base64, as ALTCHA's widget makes it. Needed."
    )
    schemas["Application"]["properties"]["device"]["description"] = (
        "A random token that the browser keeps; may be left out."
    )
    schemas["Application"]["properties"]["code"]["description"] = (
        "Of a closed contest, with `contest`: lifts the limit."
    )
    sent = schemas["Sent"]
    for name, required in (("Sent", ["answers", "ticket"]), ("SentStep", ["item", "answer", "ticket"])):
        schemas[name]["properties"]["ticket"] = {"type": "string", "description": "From the start, or the last step."}
        schemas[name]["required"] = required
    sent["properties"]["answers"]["description"] = "Item to the ids of the options ticked; an item left out is empty."
    return schemas


WHY: Final = {
    "key": _list(TEXT, minItems=1),
    "explanation": TEXT,
    "reference": _object(
        kind={"enum": ["law", "guide"]},
        title=TEXT,
        version=_nullable(TEXT),
        article=_nullable(TEXT),
        section=_nullable(TEXT),
    ),
}
# Key and explanation are left out while a paper is to be redone until it is right.
RESULT_ITEM: Final = _object(WHY, id=CODES, correct={"type": "boolean"})
ITEM: Final = _object(
    id=CODES,
    kind={"enum": ["single", "multiple", "true-false"]},
    stem=TEXT,
    options=_list(_object(id=CODES, text=TEXT), minItems=2, maxItems=8),
)
SCHEMAS: Final[dict[str, Schema]] = {
    **_request_schemas(),
    "Problem": _object(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT),
    "Issued": _object(passport=TEXT, participant=UUID),
    "Contests": _object(
        contests=_list(
            _object(
                slug=CODES,
                title=TEXT,
                opens=INSTANT,
                closes=INSTANT,
                items=WHOLE,
                minutes=WHOLE,
                attempts_per_day=WHOLE,
                attempts_in_all=_nullable(WHOLE),
                form={"enum": ["paper", "endless", "until-right"]},
                code={"enum": ["needed", "welcome", None], "description": "A group's code, sent with the start."},
                team_minimum=_nullable(WHOLE),
                after={"anyOf": [CODES, {"type": "null"}], "description": "The contest whose promoted may play."},
            )
        )
    ),
    "Attempt": _object(
        {"team": _object(id=CODES, name=TEXT)},
        attempt=UUID,
        ticket=TEXT,
        started=INSTANT,
        deadline=INSTANT,
        items=_list(ITEM),
    ),
    "Result": _object(score=WHOLE, max=WHOLE, seconds=WHOLE, items=_list(RESULT_ITEM), receipt=TEXT),
    "Turn": _object(
        {"ticket": TEXT, "item": ITEM, "result": _ref("Result")}, correct={"type": "boolean"}, streak=WHOLE
    ),
    "Standing": _object(
        region=TEXT,
        count=WHOLE,
        at=INSTANT,
        top=_list(_object(rank=WHOLE, nickname=TEXT, score=WHOLE, seconds=WHOLE), maxItems=20),
        me={
            "anyOf": [
                _object(rank=WHOLE, score=WHOLE, seconds=WHOLE),
                _object(excluded=_object(reason=TEXT, since=INSTANT)),
                {"type": "null"},
            ]
        },
    ),
    "Ledger": _object(key=TEXT, batch=WHOLE, hash=TEXT),
    "Status": _object(status=TEXT),
}
PASSPORT_NEEDED: Final = [{"passport": list[str]()}]
PASSPORT_WELCOME: Final = [{"passport": list[str]()}, dict[str, list[str]]()]
CONTEST: Final = {"name": "slug", "in": "path", "required": True, "schema": TEXT}
ATTEMPT: Final = {"name": "attempt", "in": "path", "required": True, "schema": TEXT}
REGION: Final = {
    "name": "region",
    "in": "query",
    "required": False,
    "schema": TEXT,
    "description": "A code of the regions table; the nation when left out.",
}
LANGUAGE: Final = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": TEXT,
    "description": "en or zh-Hans (the default).",
}


def _operation(
    summary: str,
    answers: Mapping[int, str | None],
    *problems: int,
    body: str | None = None,
    body_required: bool = True,
    parameters: tuple[Schema, ...] = (),
    security: list[dict[str, list[str]]] | None = None,
    name: str | None = None,
    links: Schema | None = None,
) -> Schema:
    responses: Schema = {str(status): _response(answer, links) for status, answer in answers.items()}
    responses |= {str(status): {"$ref": "#/components/responses/Problem"} for status in problems}
    operation: Schema = {"summary": summary, "parameters": [*parameters, LANGUAGE], "responses": responses}
    if body:
        operation["requestBody"] = {"required": body_required, "content": {JSON: {"schema": _ref(body)}}}
    if security:
        operation["security"] = security
    if name:
        operation["operationId"] = name
    return operation


def _response(name: str | None, links: Schema | None) -> Schema:
    if name is None:
        return {"description": "Done; no body."}
    response: Schema = {"description": name, "content": {JSON: {"schema": _ref(name)}}}
    return response | ({"links": links} if links else {})


def _goes_on(operation: str, description: str) -> Schema:
    """A link from the start of an attempt to what is done with it: its number and its ticket."""
    return {
        "operationId": operation,
        "description": description,
        "parameters": {"attempt": "$response.body#/attempt"},
        "requestBody": {"answers": {}, "ticket": "$response.body#/ticket"},
    }


_LIVE: Final = {
    "summary": "A snapshot a second",
    "parameters": [CONTEST],
    "responses": {
        "200": {
            "description": "Server-sent events: event: snapshot, data: a JSON object",
            "content": {"text/event-stream": {"schema": TEXT}},
        },
        "404": {"$ref": "#/components/responses/Problem"},
        "503": {"$ref": "#/components/responses/Problem"},
    },
}
PATHS: Final[dict[str, Schema]] = {
    "/arena/v1/challenge": {
        "get": _operation("The work that stands before a passport (ALTCHA, PBKDF2/SHA-256)", {200: "Challenge"}, 503)
    },
    "/arena/v1/passports": {
        "post": _operation(
            "Issue a passport",
            {201: "Issued"},
            *(400, 403, 404, 409, 413, 422, 429, 503),
            body="Application",
        )
    },
    "/arena/v1/contests": {"get": _operation("The contests", {200: "Contests"})},
    "/arena/v1/contests/{slug}/attempts": {
        "post": _operation(
            "Start an attempt, or open the one under way",
            {201: "Attempt", 200: "Attempt"},
            *(400, 401, 403, 404, 413, 422, 429, 503),
            body="Join",
            body_required=False,
            parameters=(CONTEST,),
            security=PASSPORT_NEEDED,
            links={"save": _goes_on("save", "Keep answers"), "submit": _goes_on("submit", "Hand the paper in")},
        )
    },
    "/arena/v1/attempts/{attempt}/answers": {
        "put": _operation(
            "Save answers; the newest save stands, one sent again with its number is written once",
            {204: None},
            *(400, 401, 403, 409, 413, 422, 503),
            body="Sent",
            parameters=(ATTEMPT,),
            name="save",
        )
    },
    "/arena/v1/attempts/{attempt}/step": {
        "post": _operation(
            "Answer the next item of an endless run; a retry gets the first answer",
            {200: "Turn"},
            *(400, 401, 403, 409, 413, 422, 503),
            body="SentStep",
            parameters=(ATTEMPT,),
        )
    },
    "/arena/v1/attempts/{attempt}/submit": {
        "post": _operation(
            "Hand the paper in; a retry gets the first answer",
            {200: "Result"},
            *(400, 401, 403, 409, 413, 422, 503),
            body="Sent",
            parameters=(ATTEMPT,),
            name="submit",
        )
    },
    "/arena/v1/contests/{slug}/standing": {
        "get": _operation(
            "A region's board, and one's own rank",
            {200: "Standing"},
            *(401, 404, 422, 503),
            parameters=(CONTEST, REGION),
            security=PASSPORT_WELCOME,
        )
    },
    "/arena/v1/contests/{slug}/live": {"get": _LIVE},
    "/arena/v1/ledger": {"get": _operation("The ledger's public key and newest head", {200: "Ledger"}, 503)},
    "/healthz": {"get": _operation("Alive", {200: "Status"})},
    "/readyz": {"get": _operation("Ready to serve", {200: "Status"}, 503)},
}
DOCUMENT: Final = msgspec.json.encode(
    {
        "openapi": "3.1.0",
        "info": {
            "title": "Cyberweek arena",
            "version": "1",
            "description": "The knowledge contest: start, save, submit, boards, live. Answers come after COMMIT.",
        },
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "responses": {
                "Problem": {
                    "description": "What is wrong, as RFC 9457 problem details",
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
            },
            "securitySchemes": {"passport": {"type": "http", "scheme": "bearer"}},
        },
    }
)
