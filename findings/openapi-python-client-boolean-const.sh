#!/usr/bin/env bash
# Guess: in OpenAPI 3.1 `const: true` and `enum: [true]` say the same, so a generator of clients treats them alike.
# What happens (openapi-python-client 0.29.1, on a document that validators find nothing wrong with):
#   an optional `const: true`    the module that is made is no Python, `if asleep != Trueand not isinstance(...)`, unless
#                                there is a `type` beside it, which `const` makes superfluous
#   an optional `enum: [true]`   compiles, and is read
#   a required `const: false`    is checked: of a oneOf, the variant that fits is taken
#   a required `enum: [false]`   is not: the first variant of a oneOf takes what is meant for the second, without a word
# So boolean discriminators need `const`, and optional booleans `enum` or a `type`.
# Why it matters here: the list of workers is a oneOf by `reachable` with an optional `asleep`. Its schema is mixed for
# this reason (controlplane/workers/report.ts), and tests/integration/generated-client.test.ts uses what is generated.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1
venv/bin/openapi-python-client --version
echo "post_hooks: []" >config.yaml

# What is said of `asleep`, which is optional, and of `up`, by which the two kinds of worker differ.
made_of() {
  cat >"$1.json" <<JSON
{ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/w": { "get": { "operationId": "w",
  "responses": { "200": { "description": "d", "content": { "application/json": { "schema": { "\$ref": "#/components/schemas/Page" } } } } } } } },
  "components": { "schemas": { "Page": { "type": "object", "required": ["worker"], "properties": { "worker": { "oneOf": [
    { "title": "Away", "type": "object", "required": ["up"], "properties": { "up": { $3 }, "asleep": { $2 } } },
    { "title": "There", "type": "object", "required": ["up"], "properties": { "up": { $4 } } } ] } } } } } }
JSON
  venv/bin/openapi-python-client generate --path "$1.json" --output-path "$1" --meta none --config config.yaml >/dev/null
  venv/bin/python -c "
from $1.models import Page
print('$1:', type(Page.from_dict({'worker': {'up': True}}).worker).__name__)" 2>&1 | tail -1
}
bool='"type": "boolean",'
said=$(
  made_of both_const '"const": true' '"const": false' '"const": true'
  made_of both_enum "$bool \"enum\": [true]" "$bool \"enum\": [false]" "$bool \"enum\": [true]"
  made_of mixed "$bool \"enum\": [true]" '"const": false' '"const": true'
)
echo "$said"
[ "$said" = "SyntaxError: invalid syntax
both_enum: PageAway
mixed: PageThere" ]
